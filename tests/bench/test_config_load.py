"""What reading a configuration costs, beside the C parser alone on the same text in the same run."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from _ruamel_yaml import CParser
from ruamel.yaml.events import StreamEndEvent

from arvisd.config import Pieces, load

pytestmark = pytest.mark.bench

AUTOMATION = """\
- id: auto_{i}
  alias: Automation number {i}
  triggers:
    - trigger: mqtt
      topic: bench/{i}/in
  conditions:
    - condition: state
      entity_id: light.kitchen
      state: "on"
  actions:
    - action: mqtt.publish
      data: {{topic: "bench/{i}/out", payload: "{{{{ trigger.payload }}}}"}}
  mode: single
"""


def text_of(count: int) -> str:
    return "".join(AUTOMATION.format(i=i) for i in range(count))


def best(*works: Callable[[], object], rounds: int = 15) -> list[float]:
    """Return the shortest time of each work in ms, taken in turns: what else the machine does hits all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append((time.perf_counter() - start) * 1000)
    return [min(taken) for taken in times]


def parse(text: str) -> None:
    """Take every event of the C parser and do nothing with it."""
    take = CParser(text).get_event
    while take().__class__ is not StreamEndEvent:
        pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text("automation: !include automations.yaml\n")
    return tmp_path


@pytest.mark.parametrize("count", [300, 1000])
def test_load_beside_the_parser_alone(folder: Path, count: int) -> None:
    text = text_of(count)
    (folder / "automations.yaml").write_text(text)
    parsed, loaded = best(lambda: parse(text), lambda: load(folder))
    print(f"\n{count} automations: C parser {parsed:.1f} ms, load {loaded:.1f} ms, ratio {loaded / parsed:.2f}")
    assert loaded / parsed < 4


def test_reload_of_one_changed_automation_beside_a_load(folder: Path) -> None:
    text = text_of(1000)
    pieces = Pieces()
    turn = iter(range(1000))

    def change_and_load(pieces: Pieces | None) -> Callable[[], object]:
        def work() -> object:
            changed = text.replace("Automation number 500\n", f"Automation changed {next(turn)}\n")
            (folder / "automations.yaml").write_text(changed)
            return load(folder, pieces=pieces)

        return work

    change_and_load(pieces)()
    whole, pieced = best(change_and_load(None), change_and_load(pieces))
    print(f"\n1 of 1,000 changed: {pieced:.1f} ms, read anew {whole:.1f} ms, ratio {pieced / whole:.2f}")
    assert pieced / whole < 0.5


def test_import_beside_the_parser_alone() -> None:
    def start(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    bare, parser, own = best(
        start("pass"), start("import ruamel.yaml, msgspec"), start("import arvisd.config"), rounds=7
    )
    print(
        f"\nimport: python {bare:.0f} ms, with ruamel.yaml and msgspec {parser:.0f} ms, with arvisd.config {own:.0f} ms"
    )
    assert (own - bare) / (parser - bare) < 3
