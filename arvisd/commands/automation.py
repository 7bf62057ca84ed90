"""`arvisd automation`: the automations of the running daemon as a table, run by hand, and what their runs did."""

from __future__ import annotations

import argparse
import asyncio
import importlib
from typing import Any

import msgspec

from arvisd.automation.entity_actions import RunReport
from arvisd.automation.entry import AutomationInfo
from arvisd.automation.outcomes import NOT_RUNS
from arvisd.automation.trace import TraceRecord
from arvisd.commands.action import pair
from arvisd.commands.connection import remote, say, show
from arvisd.commands.moments import moment
from arvisd.commands.trace_tree import WORDS, headline, tree
from arvisd.core.errors import ArvisError

TIMEOUT = 15.0
"""Seconds for the daemon to answer."""


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; each of them has its own function."""
    match options.what:
        case "list":
            return _list(options)
        case "trigger":
            return _trigger(options)
        case "trace":
            return _trace(options)
    # the others are commands of their own: `arvisd automation test` is arvisd.commands.automation_test
    body = importlib.import_module(f"arvisd.commands.automation_{options.what}").run
    return int(body(options))


def _list(options: argparse.Namespace) -> int:
    infos = msgspec.convert(_ask("automation.list"), list[AutomationInfo])
    if options.json:
        show({"automations": infos}, json=True)
        return 0
    if not infos:
        say(
            "there are no automations: write some to automations.yaml, docs/automations.md says how; arvisd check says what is wrong"
        )
        return 0
    rows: list[tuple[str, ...]] = [("STATE", "AUTOMATION", "ALIAS", "MODE", "LAST RUN", "NEXT RUN", "RUNS", "WHERE")]
    rows += [_row(info) for info in infos]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row, info in zip(rows, [None, *infos], strict=True):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if info is not None and info.error:
            print(f"  {info.error}")
    return 0


def _row(info: AutomationInfo) -> tuple[str, ...]:
    runs = f"{info.runs} ({info.current} going on)" if info.current else str(info.runs)
    return (
        info.state,
        info.entity_id,
        info.alias if info.alias != info.id else "",
        info.mode,
        moment(info.last_triggered),
        moment(info.next_due),
        runs,
        f"{info.file}:{info.line}" if info.file else "",
    )


def _trigger(options: argparse.Namespace) -> int:
    """Run it; return 1 when it did not run or failed."""
    data = {
        "variables": dict(pair(each) for each in options.variables),
        "skip_condition": not options.conditions,
        "wait": options.wait,
    }
    (report,) = msgspec.convert(_ask("automation.run", data, options.id, options.wait), list[RunReport])
    if options.json:
        show(report, json=True)
    else:
        reason = f": {report.reason}" if report.reason else ""
        show(f"{report.entity_id} {WORDS.get(report.outcome, report.outcome)}{reason}", json=False)
        if report.response:
            show(report.response, json=False)
        if report.run:
            say(f"arvisd automation trace {options.id} --run {report.run}")
    return 0 if report.outcome in ("", "finished") else 1


def _trace(options: argparse.Namespace) -> int:
    data = {"run": options.run} if options.run else {}
    records = msgspec.convert(_ask("automation.traces", data, options.id), list[TraceRecord])
    runs = [record for record in records if record.outcome not in NOT_RUNS]
    others = [record for record in records if record.outcome in NOT_RUNS]
    chosen = records if options.run or options.all else (runs or others)[-max(1, options.last) :]
    if options.json:
        show({"traces": chosen}, json=True)
        return 0
    if not chosen:
        say(f"{options.id}: it has not run yet, and none of its triggers has seen anything")
        return 0
    print("\n\n".join("\n".join(tree(record)) for record in chosen))
    since = [record for record in others if record not in chosen and record.started >= chosen[-1].started]
    if since:
        print("\nSince then:")
        for record in since:
            print(f"  {headline(record)}")
    return 0


def _ask(action: str, data: dict[str, Any] | None = None, entity_id: str = "", wait: float = 0.0) -> Any:
    target = {"entity_id": entity_id} if entity_id else None
    if entity_id == "all":
        raise ArvisError("one automation at a time: name it by its id, entity id or alias")
    return asyncio.run(_asked(action, data or {}, target, TIMEOUT + wait))


async def _asked(action: str, data: dict[str, Any], target: dict[str, Any] | None, seconds: float) -> Any:
    async with remote() as daemon:
        return await daemon.action(action, data, target, seconds)
