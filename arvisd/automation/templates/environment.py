"""The sandbox in which templates run: what they may call, and how far they may go."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from jinja2 import nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from arvisd.automation.errors import TemplateError
from arvisd.automation.templates import bounded, conversions, functional, lists, numbers, texts
from arvisd.automation.templates.distances import PlaceFunctions
from arvisd.automation.templates.house import HouseFunctions
from arvisd.automation.templates.limits import (
    JOINED,
    METERED,
    WEIGHED,
    Metered,
    Metering,
    check_call,
    checked_binop,
    concatenated,
    count_call,
    joined,
    weighed,
)
from arvisd.automation.templates.macros import Import, MacroFile, MacroFiles, MacroTemplate, compiled
from arvisd.automation.templates.names import check_names
from arvisd.automation.templates.states import StateFunctions
from arvisd.automation.templates.times import TimeFunctions
from arvisd.automation.templates.undefined import WarningUndefined
from arvisd.automation.templates.versions import Version
from arvisd.automation.templates.words import WordFunctions
from arvisd.core.clock import Clock
from arvisd.core.states import StateStore
from arvisd.home.registry import HomeRegistry

Function = Callable[..., Any]


class Findings(NamedTuple):
    """What was found in a valid template."""

    doubts: tuple[tuple[int, str], ...]
    """Line and words for each name that cannot exist."""
    imports: tuple[Import, ...]


class ScopeContext(Context):
    """Finds names in the template's own variables, in the run's scope, then among the functions."""

    def resolve_or_missing(self, key: str) -> Any:
        """Return the value of a name, `missing` where there is none."""
        if key in self.vars:
            return self.vars[key]
        value = self.parent.get(key, missing)
        return self.environment.globals.get(key, missing) if value is missing else value

    def get_all(self) -> dict[str, Any]:
        """Return every variable, for macros that ask for all."""
        flat = getattr(self.parent, "flat", None)
        return {**(flat() if flat else self.parent), **self.vars}


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Home Assistant's functions, filters and tests over arvisd's states and clock."""

    context_class = ScopeContext
    intercepted_binops = frozenset({"*", "**", "%", "+"})
    concat = staticmethod(concatenated)

    def __init__(
        self, states: StateStore, clock: Clock, home: HomeRegistry | None = None, folder: Path | None = None
    ) -> None:
        """Prepare.

        Args:
            states: what `states()` and its like see.
            clock: what `now()` and its like see.
            home: areas, devices and the like; None: there are none.
            folder: the configuration folder, whose macros may be imported; None: there are none.
        """
        super().__init__(
            undefined=WarningUndefined,
            extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"],
            cache_size=0,
            auto_reload=False,
        )
        self.home = home or HomeRegistry(states)
        self.codes: dict[str, Any] = {}
        """Compiled templates by text: automations repeat each other."""
        self.valid: set[str] = set()
        """Texts whose syntax is known to be right."""
        self.findings: dict[str, Findings] = {}
        """What is worth saying of valid texts, where there is anything."""
        self.macros = MacroFiles(folder)
        """Files that templates may import."""
        self._imported: dict[str, tuple[MacroFile, MacroTemplate]] = {}
        self.filters[METERED] = Metered
        self.filters[JOINED] = joined
        self.filters[WEIGHED] = weighed
        self.filters.update(bounded.FILTERS)
        self.language = "en"
        """In which states and names are said."""
        for part in (conversions, lists, numbers, texts, functional):
            self.offer(part.FUNCTIONS, part.FILTERS, part.TESTS)
        self.offer({"version": Version, "lipsum": bounded.bounded_lipsum}, {"version": Version}, {})
        seen = StateFunctions(states)
        house = HouseFunctions(self.home, states, lambda: self.language)
        places = PlaceFunctions(seen)
        words = WordFunctions(seen, lambda: self.language)
        times = TimeFunctions(clock)
        self.offer(seen.functions(), unfolded(seen.filters()), unfolded(seen.tests()))
        self.offer(house.functions(), unfolded(house.filters()), unfolded(house.tests()))
        self.offer(places.functions(), unfolded(places.filters()), {})
        self.offer(words.functions(), unfolded(words.functions()), {})
        self.offer(times.functions(), unfolded(times.filters()), {})
        for name in {"zip", "combine"} & self.filters.keys():
            self.filters[name] = _weighing(self.filters[name])
        self.filters["shuffle"] = unfolded({"shuffle": self.filters["shuffle"]})["shuffle"]

    def offer(
        self, functions: Mapping[str, Any], filters: Mapping[str, Function], tests: Mapping[str, Function]
    ) -> None:
        """Let templates use these."""
        self.globals.update(functions)
        self.filters.update(filters)
        self.tests.update(tests)

    def parse_macros(self, text: str, name: str) -> nodes.Template:
        """Parse a file of macros; raise jinja2.TemplateSyntaxError or TemplateError."""
        parsed = self.parse(text, name)
        check_names(parsed, self.filters, self.tests)
        return parsed

    def overlaid(self) -> TemplateEnvironment:
        """Return an environment with tables of its own, which begin as these are."""
        other: TemplateEnvironment = self.overlay()
        other.codes = {}
        other.valid = set()
        other.findings = {}
        other._imported = {}
        other.globals = dict(self.globals)
        other.filters = dict(self.filters)
        other.tests = dict(self.tests)
        return other

    def _load_template(self, name: str, globals: Any) -> MacroTemplate:  # noqa: A002  # Jinja's name
        """Return a file of macros, which templates import by its name."""
        file = self.macros.get(name)
        if file is None:
            raise jinja2.TemplateNotFound(name, self.macros.missing(name))
        known = self._imported.get(name)
        if known is None or known[0] is not file:
            known = self._imported[name] = (file, compiled(self, file))
        return known[1]

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Do `left operator right` unless it would be too large."""
        checked_binop(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805  # keyword arguments may have any name
        """Call what a template calls unless it would make too much."""
        count_call()
        check_call(__obj, args)
        return weighed(super().call(__context, __obj, *args, **kwargs))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        return Metering().visit(template)  # type: ignore[no-any-return]


def _weighing(made: Function) -> Function:
    """Return a filter whose result is not too much to be written out."""

    @functools.wraps(made)
    def bounded_filter(*args: Any, **kwargs: Any) -> Any:
        return weighed(made(*args, **kwargs))

    return bounded_filter


NOT_LIMITED = (
    "states is_state state_attr is_state_attr has_value expand closest distance state_translated state_attr_translated "
    "now utcnow today_at time_since time_until relative_time timedelta_string area_id area_name floor_id floor_name "
    "label_id label_name device_id device_name device_attr is_device_attr entity_name is_hidden_entity"
)
"""What looks at states, the time or the house: what is rendered once would be wrong soon after."""


def unfolded(functions: Mapping[str, Function]) -> dict[str, Function]:
    """Return filters and tests that are asked each time.

    Jinja works out `'light.hall' | states` when it compiles the template, once and for all: what takes the context is
    exempt from that.
    """
    return {name: _unfolded(function) for name, function in functions.items()}


def _unfolded(function: Function) -> Function:
    @jinja2.pass_context
    def asked(_: Context, *args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return asked


def limited(environment: TemplateEnvironment, names: Iterable[str] = NOT_LIMITED.split()) -> TemplateEnvironment:
    """Return an environment for what is rendered once, when an automation is attached: without states and time."""
    narrow = environment.overlaid()
    for name in names:
        for table in (narrow.globals, narrow.filters, narrow.tests):
            if name in table:
                table[name] = _refused(name)
    return narrow


def _refused(name: str) -> Function:
    def refuse(*_: Any, **__: Any) -> Any:
        raise TemplateError(
            f"{name}() cannot be used here: this template is rendered once, when the automation is loaded"
        )

    return refuse
