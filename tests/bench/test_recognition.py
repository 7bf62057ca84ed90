"""How well commands are recognised and everything else is refused; prints the tables of docs/recognition.md."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import pytest

from tests.simulators.recognition import Ear, Outcome, word_errors
from tests.simulators.spoken_commands import Command, commands, other_speech

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("language", ["en", "ru"])
def test_commands_and_other_speech(language: str, test_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ear = Ear(language, test_data / "models")
    spoken = [command for command in commands(test_data) if command.language == language]
    begin = time.process_time()
    heard = [(command, ear.hear(command.pcm)) for command in spoken]
    load = (time.process_time() - begin) / sum(len(command.pcm) / 32000 for command in spoken)
    others = [(name, ear.hear(pcm)) for name, pcm in other_speech(test_data, language)]
    let_through = [(name, outcome) for name, outcome in others if outcome.text]
    with capsys.disabled():
        print(f"\n\n{language}: {len(ear.graph.arcs)} arcs, {load:.3f} of real time, cannot say {ear.unsayable}\n")
        _print_table(heard)
        print(f"\nother speech let through: {len(let_through)} of {len(others)}")
        for name, outcome in sorted(others, key=lambda item: -item[1].gap)[:12]:
            mark = "LET THROUGH" if outcome.text else "refused"
            print(f"  {name}: {outcome.best!r} gap {outcome.gap:.2f} coverage {outcome.coverage:.2f} {mark}")
    assert not [command.words for command, outcome in heard if outcome.text and not outcome.does(command)]
    assert len(let_through) <= len(others) // 50


def _print_table(heard: list[tuple[Command, Outcome]]) -> None:
    print("| said | heard | gap | |\n|---|---|---|---|")
    for command, outcome in heard:
        verdict = "right" if outcome.does(command) else "refused" if not outcome.text else "WRONG"
        print(
            f"| {command.words} | {outcome.best if outcome.text else f'({outcome.best})'} | {outcome.gap:.2f} | {verdict} |"
        )
    by_source: dict[str, list[tuple[Command, Outcome]]] = defaultdict(list)
    for command, outcome in heard:
        by_source[command.source].append((command, outcome))
    print(
        "\n| recordings | in the grammar | words right | intents right | refused | wrong |\n|---|---|---|---|---|---|"
    )
    for source, items in by_source.items():
        known = [(c, o) for c, o in items if c.intent]
        errors = sum(word_errors(c.words, o.text) for c, o in known)
        words = sum(len(c.words.split()) for c, _ in known)
        right = sum(o.does(c) for c, o in known)
        refused = sum(not o.text for _, o in items)
        wrong = sum(bool(o.text) and not o.does(c) for c, o in items)
        print(f"| {source} | {len(known)} of {len(items)} | {1 - errors / words:.0%} | {right} | {refused} | {wrong} |")
