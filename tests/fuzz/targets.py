"""What is fuzzed: each target takes bytes, and raises only where arvisd does what it must not."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from arvisd.automation.engine import AutomationEngine
from arvisd.automation.errors import TemplateError
from arvisd.automation.templates.native import native
from arvisd.automation.templates.template import Template
from arvisd.config import load
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.inspection import inspect
from tests.fuzz.choices import Choices
from tests.fuzz.written_houses import a_blueprint, a_house, a_text_of_yaml, a_value
from tests.fuzz.written_templates import VARIABLES, a_template, environment, narrow
from tests.simulators.clock import FakeClock


def text(data: bytes) -> None:
    """Read a folder whose one file holds these bytes, as they are."""
    _read(data)


def yaml(data: bytes) -> None:
    """Read a folder whose one file is nearly YAML."""
    _read(a_text_of_yaml(Choices(data)).encode("utf-8", "surrogatepass"))


def _read(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "configuration.yaml").write_bytes(content)
        (folder / "b.yaml").write_text("- {a: &x [1, 2], b: *x}\n")
        loaded = load(folder)
        assert all(problem.message for problem in loaded.problems)


def house(data: bytes) -> None:
    """Check a configuration that can be read, with a blueprint and macros."""
    choices = Choices(data)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("automation", "script"):
            path = folder / "blueprints" / kind / "x.yaml"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(a_blueprint(choices)))
        (folder / "configuration.yaml").write_text(a_house(choices))
        for problem in inspect(folder):
            assert problem.message
            assert "Traceback" not in problem.message


def runs(data: bytes) -> None:
    """Load automations and scripts, set off each of them, and let an hour go by."""
    choices = Choices(data)
    automations = [{"id": f"a{number}", **_mapping(choices)} for number in range(2)]
    scripts = {"a": {"sequence": a_value(choices, 4)}}
    asyncio.run(_run(automations, scripts))


def _mapping(choices: Choices) -> dict[str, object]:
    return {
        "triggers": a_value(choices, 3),
        "conditions": a_value(choices, 2),
        "actions": a_value(choices, 5),
        "mode": choices.of(("single", "restart", "queued", "parallel")),
    }


async def _run(automations: object, scripts: object) -> None:
    clock = FakeClock()
    hub = Hub(clock)
    async with Owner("fuzz") as owner:
        engine = AutomationEngine(hub, None, owner)
        await engine.load(automations, (), scripts)
        engine.started()
        for info in engine.list():
            if info.state == "on":
                engine.trigger(info.entity_id)
        hub.states.set("light.a", "on")
        hub.bus.publish("a/b", b'{"x": 1}')
        for _ in range(3):
            await clock.advance(1200)
        await engine.load([], (), {})
        assert engine.list() == []
        await engine.stop()
        assert hub.bus.failures == 0


def template(data: bytes) -> None:
    """Check and render a template, in the wide sandbox and in the narrow one."""
    choices = Choices(data)
    written = a_template(choices)
    for known in (environment(), narrow()):
        made = Template(known, written)
        with contextlib.suppress(TemplateError):
            made.check()
            made.doubts()
            made.imports()
            native(made.render(dict(VARIABLES)))
        known.codes.clear()
        known.valid.clear()
        known.findings.clear()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "text": text, "yaml": yaml, "house": house, "runs": runs, "template": template,
}  # fmt: skip
