"""`arvisd why ENTITY`: what set it, which run or turn that was, and what that came from."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from arvisd.automation.traces.words import BY_HAND
from arvisd.commands.connection import remote, show
from arvisd.commands.moments import moment
from arvisd.commands.trace_tree import headline
from arvisd.why.explanation import LastRuns, Why
from arvisd.why.link import Link

TIMEOUT = 15.0
"""Seconds for the daemon to answer."""


def run(options: argparse.Namespace) -> int:
    """Print the chain, the nearest cause first."""
    why = msgspec.convert(asyncio.run(_ask(options.entity)), Why)
    if options.json:
        show(why, json=True)
    else:
        print("\n".join(told(why)))
    return 0


async def _ask(entity: str) -> Any:
    async with remote() as daemon:
        return await daemon.action("arvisd.why", {"entity_id": entity}, None, TIMEOUT)


def told(why: Why, now: datetime | None = None) -> list[str]:
    """Return the answer as lines."""
    name = f" ({why.name})" if why.name and why.name != why.entity_id else ""
    if why.state is None:
        lines = [f"{why.entity_id}: there is no such entity now"]
    else:
        lines = [f"{why.entity_id}{name} is {why.state}, since {moment(why.since, now)}"]
        lines += [f"  {line}" for line in _because(why, now)]
    if why.automation is not None:
        lines += _runs(why.automation, now)
    if why.before:
        lines.append("Before that:")
        lines += [
            f"  {change.state}, {moment(change.time, now)} ← {_short(change.chain, now)}" for change in why.before
        ]
    return lines


def _because(why: Why, now: datetime | None) -> Iterator[str]:
    by = f" (brought by {why.by})" if why.by else ""
    match why.cause:
        case "outside":
            source = why.chain[0].text if why.chain else ""
            came = f"it came with a message on {source}" if source else "it came from outside"
            yield f"← nobody in arvisd set it: {came}{by}"
            return
        case "start":
            yield f"← so it was first seen{by}; nothing is known of what set it"
            return
        case "restart":
            yield "so it was before arvisd started, too; what set it then:"
    for link in why.chain:
        for text, place in _said(link, now):
            yield f"← {text}{f'   {place}' if place else ''}"


def _said(link: Link, now: datetime | None) -> Iterator[tuple[str, str]]:
    """Return what a link says, each with its place."""
    data = link.data
    match link.kind:
        case "action":
            step, path = data.get("step", ""), data.get("path", "")
            alias = f" “{step}”" if step not in ("", "action", "service") else ""
            yield f"{link.text}, the step {path}{alias}" if path else link.text, link.place
        case "run":
            where = f"{data['file']}:{data['line']}" if data.get("file") else ""
            label = f" “{link.text}”" if link.text not in ("", data.get("automation"), data.get("id")) else ""
            run = f"run {data.get('run', link.context)} of {data.get('automation', 'an automation')}{label}"
            yield f"{run}, {moment(link.time, now)}", where
            seen = f": {data['from']} → {data['to']}" if data.get("from") and data.get("to") else ""
            trigger = data.get("trigger")
            if trigger:
                yield f"{_set_off(trigger)}{seen}", link.place
        case "turn":
            heard = data.get("heard")
            how = "said" if heard else "typed" if heard is False else "said or typed"
            who = f" by {data['speaker']}" if data.get("speaker") else ""
            understood = f", understood as {data['intent']}" if data.get("intent") else ""
            yield f"“{link.text}”, {how}{who} at the site {data.get('site')}{understood}, {moment(link.time, now)}", ""
        case "request":
            yield f"{link.text} was asked for over MQTT, {moment(link.time, now)}", ""
        case _:
            yield f"outside{f': {link.text}' if link.text else ''}", ""


def _set_off(trigger: str) -> str:
    return trigger if trigger == BY_HAND else f"set off by {trigger}"


def _short(chain: list[Link], now: datetime | None) -> str:
    return " ← ".join(next(_said(link, now))[0] for link in chain) or "not known"


def _runs(known: LastRuns, now: datetime | None) -> list[str]:
    lines = []
    if known.info.error:
        lines.append(f"It is invalid: {known.info.error}")
    elif known.info.state == "off":
        lines.append(f"It is switched off: arvisd action automation.turn_on entity_id={known.info.entity_id}")
    if known.run is None:
        lines.append("It has not run as far as is known.")
    else:
        lines.append("Its last run:")
        lines.append(f"  {headline(known.run, now)}")
        trigger = known.run.trigger.get("description")
        lines += [f"  ← {_set_off(trigger)}"] if trigger else []
        lines += [
            f"  ← {text}{f'   {place}' if place else ''}" for link in known.chain for text, place in _said(link, now)
        ]
    if known.refusals:
        lines.append("Since then it did not run, because:" if known.run else "It did not run, because:")
        lines += [f"  {headline(record, now)}" for record in known.refusals]
    return lines
