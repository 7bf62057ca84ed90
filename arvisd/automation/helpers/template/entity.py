"""What all template entities share: availability, name, icon, attributes, and when they are rendered."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from arvisd.automation.attachment import STARTED_TOPIC
from arvisd.automation.builder import Builder
from arvisd.automation.errors import TemplateError
from arvisd.automation.helpers.items import SharingNode
from arvisd.automation.helpers.kind import HelperSettings, Place, Saved
from arvisd.automation.helpers.template.rendered import Rendered
from arvisd.automation.helpers.template.routine import Routine, TriggerBlock
from arvisd.automation.helpers.template.watch import Watch
from arvisd.automation.reload import same_content
from arvisd.automation.scope import Scope
from arvisd.automation.templates.states import TemplateState
from arvisd.automation.templates.template import is_template
from arvisd.automation.templates.value import PlainText, Value, compile_value
from arvisd.core.context import Context
from arvisd.core.errors import ActionFailedError
from arvisd.core.states import UNAVAILABLE, UNKNOWN, State
from arvisd.home.entity import Controller

_LOGGER = logging.getLogger("arvisd.automation.templates")


class TemplateSettings(HelperSettings, frozen=True, kw_only=True):
    """Keys that every template entity takes; each may be a template."""

    unique_id: str | None = None
    """Its id where it has no name; else only for Home Assistant."""
    default_entity_id: str | None = None
    """The id to give it: `sensor.pressure`."""
    state: Any = None
    """Its value."""
    availability: Any = None
    """Where it gives false, the state is `unavailable`."""
    picture: Any = None
    """Address of a picture, kept as the attribute `entity_picture`."""
    attributes: dict[str, Any] = msgspec.field(default_factory=dict)
    """Further facts."""
    variables: dict[str, Any] = msgspec.field(default_factory=dict)
    """Rendered first, in their order; the templates see them."""
    optimistic: bool | None = None
    """What was asked for counts as done; so it does where no template tells the state."""


class TemplateEntity:
    """One entity whose templates are rendered when what they read changes, or when a trigger fires."""

    texts: ClassVar[frozenset[str]] = frozenset({"state", "icon", "picture", "name"})
    """Keys whose templates give text as it stands."""
    natives: ClassVar[frozenset[str]] = frozenset({"availability"})
    """Keys whose templates give a value of any kind."""
    steps: ClassVar[tuple[str, ...]] = ()
    """Keys that hold steps."""

    def __init__(self, settings: Any, place: Place) -> None:
        self.settings = settings
        self.place = place
        self.assumed: dict[str, Any] = {}
        """What counts as the value of keys that have no template."""
        self._running = place.engine.running
        self._latest = Rendered()
        self._said: set[str] = set()
        node = place.node
        builder = Builder(place.library)
        self._values = {key: self._value(node, key, builder) for key in node if key in self.texts | self.natives}
        self._attributes = _compiled(node, "attributes", builder)
        self._variables = _compiled(node, "variables", builder)
        self._routines = {key: Routine(place, node, key) for key in self.steps if node.get(key) is not None}
        self._block = _block_of(place, node)
        self._watch = Watch(place.hub, place.entity_id, self._render, self._shown)
        place.owner.on_stop(self.stop)

    @property
    def entity_id(self) -> str:
        """Its id."""
        return self.place.entity_id

    @property
    def restored(self) -> bool:
        """Whether it begins as it was: where nothing can be rendered until a trigger fires, or until it is asked."""
        return self._block is not None or "state" not in self._values

    def has(self, key: str) -> bool:
        """Tell whether a key was written that is rendered, or that holds steps."""
        return key in self._values or key in self._routines

    def start(self, saved: Saved | None) -> None:
        """Render it, or wait for the triggers with what it was."""
        if not self._running:
            self.place.hub.bus.subscribe(STARTED_TOPIC, lambda _: self._all_started(), self.place.owner)
        for routine in self._routines.values():
            routine.begin()
        if saved is not None:
            self.restore(saved)
        if self._block is None:
            self._watch.look()
            return
        if saved is not None and saved.state != UNAVAILABLE:
            self.place.hub.states.set(self.entity_id, saved.state, saved.attributes)
        else:
            self.place.hub.states.set(self.entity_id, UNKNOWN, self._common(Rendered()))
        self._block.join(self.entity_id, self._fired)

    def stop(self) -> None:
        """Listen no more, do nothing more."""
        self._watch.stop()
        for routine in self._routines.values():
            routine.stop()
        if self._block is not None:
            self._block.leave(self.entity_id)

    def update(self) -> None:
        """Render it now."""
        if self._block is None:
            self._watch.look()

    def describe(self) -> Mapping[str, Any]:
        """Return the entity's fields."""
        controller = TemplateController(self) if self._routines else None
        name = self.settings.name
        return {
            "name": "" if is_template(name) else name,
            "controller": controller,
            "device_class": getattr(self.settings, "device_class", None),
            "unit": getattr(self.settings, "unit_of_measurement", None),
            "assumed_state": controller is not None and (self.settings.optimistic or "state" not in self._values),
        }

    def restore(self, saved: Saved) -> None:
        """Take what it was for what no template tells."""
        if "state" not in self._values and saved.state not in (UNKNOWN, UNAVAILABLE):
            self.assumed["state"] = saved.state

    def value(self, rendered: Rendered) -> tuple[str | None, dict[str, Any]]:
        """Return state and attributes; None: it is not known."""
        raise NotImplementedError

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Do an action; raise ActionFailedError where it cannot be done."""
        raise ActionFailedError(f"{self.entity_id} cannot do {action}")

    async def do(self, key: str, variables: dict[str, Any], context: Context, **assumed: Any) -> None:
        """Do the steps under a key, then take for true what no template tells."""
        routine = self._routines.get(key)
        if routine is None:
            raise ActionFailedError(f"{self.entity_id} has no {key!r}: it says nothing of how that is done")
        optimistic = self.settings.optimistic
        self.assumed.update({name: value for name, value in assumed.items() if optimistic or name not in self._values})
        await routine.run(variables, context)
        # shown as it was asked for, until what the templates read says something else
        rendered = self._render() if self._block is None else self._latest
        self.show(rendered, context)

    def write(self, value: str | None, attributes: dict[str, Any], context: Context | None) -> None:
        """Write state and attributes."""
        self.place.hub.states.set(self.entity_id, UNKNOWN if value is None else value, attributes, context)

    def show(self, rendered: Rendered, cause: Context | None) -> None:
        """Write what was rendered."""
        common = self._common(rendered)
        if rendered.get("availability") is not None and rendered.truth("availability") is False:
            self.write(UNAVAILABLE, common, cause)
            return
        value, attributes = self.value(rendered)
        self.write(value, {**rendered.attributes, **attributes, **common}, cause)

    def _render(self, scope: Scope | None = None) -> Rendered:
        rendered = Rendered()
        variables: Any = Scope({"this": self._this()}, scope)
        for name, value in self._variables.items():
            try:
                variables.own[name] = value.render(variables)
            except TemplateError as error:
                rendered.errors.append(str(error))
        for target, values in ((rendered, self._values), (rendered.attributes, self._attributes)):
            for key, value in values.items():
                try:
                    target[key] = value.render(variables)
                except TemplateError as error:
                    rendered.errors.append(str(error))
        return rendered

    def _shown(self, rendered: Rendered, cause: Context | None) -> None:
        for text in rendered.errors:
            if self._running and text not in self._said:
                self._said.add(text)
                _LOGGER.warning("%s: %s", self.entity_id, text)
        for key in [key for key in self.assumed if key in self._values]:
            del self.assumed[key]
        self._latest = rendered
        self.show(rendered, cause)

    def _fired(self, scope: Scope, context: Context) -> None:
        self._shown(self._render(scope), context)

    def _all_started(self) -> None:
        """From now on what cannot be rendered is said: before, what it reads may not have been there yet."""
        self._running = True
        if self._block is None:
            self._watch.look()

    def _common(self, rendered: Rendered) -> dict[str, Any]:
        settings = self.settings
        name = rendered.text("name") or (settings.name if not is_template(settings.name) else "")
        found = {
            "friendly_name": name,
            "icon": rendered.text("icon"),
            "entity_picture": rendered.text("picture"),
            "device_class": getattr(settings, "device_class", None),
            "unit_of_measurement": getattr(settings, "unit_of_measurement", None),
            "state_class": getattr(settings, "state_class", None),
        }
        return {key: value for key, value in found.items() if value}

    def _this(self) -> TemplateState:
        states = self.place.hub.states
        state = states.get(self.entity_id) or State(UNKNOWN, {}, self.place.hub.clock.now(), Context())
        return TemplateState(self.entity_id, state)

    def _value(self, node: Any, key: str, builder: Builder) -> Value:
        text = node[key]
        if key in self.texts and isinstance(text, str) and is_template(text):
            return PlainText(builder.template(text, node, key))
        return compile_value(text, builder.template, node, key)


class TemplateController(Controller):
    """The entity's side of a template entity."""

    patient = True  # its steps may wait

    def __init__(self, entity: TemplateEntity) -> None:
        self._entity = entity

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Do the steps that belong to the action."""
        await self._entity.perform(action, data, context)


def _compiled(node: Any, key: str, builder: Builder) -> dict[str, Value]:
    inner = node.get(key) or {}
    return {str(name): compile_value(inner[name], builder.template, inner, name) for name in inner}


def _block_of(place: Place, node: Any) -> TriggerBlock | None:
    """Return the block that an item stands in: the one that runs where its content is the same, else a new one."""
    content = node.shares if isinstance(node, SharingNode) else None
    if content is None:
        return None
    blocks: list[TriggerBlock] = place.shared.setdefault("template blocks", [])
    blocks[:] = [block for block in blocks if not block.empty or block.node is content]
    for block in blocks:
        if block.node is content or same_content(block.node, content):
            return block
    block = TriggerBlock(place, content)
    blocks.append(block)
    return block
