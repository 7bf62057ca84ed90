"""Where a blueprint may be imported from: a file, a page of GitHub, a gist, a topic of the forum, any address of YAML."""

from __future__ import annotations

import html
import re
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from arvisd.automation.blueprints.fetching import FetchError, fetch
from arvisd.config.files import FileError, decode, read_bytes

Fetch = Callable[[str], bytes]
GITHUB = re.compile(r"https?://(?:www\.)?github\.com/([^/]+)/([^/]+)/(?:blob|raw)/(.+)")
RAW = re.compile(r"https?://raw\.githubusercontent\.com/([^/]+)/[^/]+/.+")
GIST = re.compile(r"https?://gist\.github\.com/(?:[^/]+/)?([0-9a-f]+)(?:/[0-9a-f]+)?/?(?:#.*)?")
TOPIC = re.compile(r"(https?://community\.home-assistant\.io)/t/(?:[^/]+/)?(\d+)(?:/\d+)?/?(?:[?#].*)?")
MY = re.compile(r"https?://my\.home-assistant\.io/redirect/blueprint_import/?\?(.+)")
"""The button 'import blueprint' under most topics."""
CODE = re.compile(r'<code(?: class="lang-([a-z]*)")?>(.*?)</code>', re.DOTALL)
LANGUAGES = ("", "auto", "yaml", "yml")
HOLDS_BLUEPRINT = re.compile(r"^blueprint:", re.MULTILINE)


class Found(msgspec.Struct, frozen=True):
    """The text of a blueprint, and how its file could be called."""

    text: str
    author: str
    """Who made it, or the host it comes from; empty: not known."""
    name: str
    """Without `.yaml`."""
    source_url: str = ""
    """Where a person finds it; empty: it was a file."""


def find_blueprint(source: str, fetch: Fetch = fetch) -> Found:
    """Return the blueprint at a place; raise FetchError with what is wrong.

    Args:
        source: a path, or an address as people copy it from their browser.
        fetch: returns what is at an address.
    """
    if not re.match(r"[a-z]+://", source):
        return _file(Path(source).expanduser())
    if match := MY.fullmatch(source):
        inner = urllib.parse.parse_qs(match[1]).get("blueprint_url")
        if not inner:
            raise FetchError(f"{source}: it lacks 'blueprint_url='")
        source = inner[0]
    if match := GITHUB.fullmatch(source):
        owner, repository, path = match.groups()
        path = path.partition("?")[0].partition("#")[0]
        raw = f"https://raw.githubusercontent.com/{owner}/{repository}/{path}"
        return Found(_text(fetch(raw), raw), owner, _stem(path), source)
    if match := RAW.fullmatch(source):
        return Found(_text(fetch(source), source), match[1], _stem(source), source)
    if match := GIST.fullmatch(source):
        return _gist(source, match[1], fetch)
    if match := TOPIC.fullmatch(source):
        return _topic(source, f"{match[1]}/t/{match[2]}.json", fetch)
    parts = urllib.parse.urlsplit(source)
    host = parts.hostname or ""
    author = "homeassistant" if host in ("home-assistant.io", "www.home-assistant.io") else host
    return Found(_text(fetch(source), source), author, _stem(parts.path), source)


def _file(path: Path) -> Found:
    try:
        return Found(decode(read_bytes(path)), "", path.stem)
    except FileError as failure:
        raise FetchError(f"{path} {failure.message}") from None


def _gist(source: str, number: str, fetch: Fetch) -> Found:
    address = f"https://api.github.com/gists/{number}"
    gist = _json(fetch(address), address)
    files = gist.get("files")
    owner = gist.get("owner")
    for name, file in files.items() if isinstance(files, dict) else ():
        if not isinstance(file, dict) or not str(name).endswith((".yaml", ".yml")):
            continue
        text = file.get("content")
        if file.get("truncated") and isinstance(file.get("raw_url"), str):
            text = _text(fetch(file["raw_url"]), file["raw_url"])
        if isinstance(text, str) and HOLDS_BLUEPRINT.search(text):
            login = owner.get("login") if isinstance(owner, dict) else None
            return Found(text, str(login or "gist"), _stem(str(name)), source)
    raise FetchError(f"{source}: none of its .yaml files is a blueprint")


def _topic(source: str, address: str, fetch: Fetch) -> Found:
    topic = _json(fetch(address), address)
    try:
        post = topic["post_stream"]["posts"][0]
        cooked, author, slug = str(post["cooked"]), str(post["username"]), str(topic["slug"])
    except (KeyError, IndexError, TypeError):
        raise FetchError(f"{address}: this is not a topic of the forum") from None
    for text in _code_blocks(cooked):
        if HOLDS_BLUEPRINT.search(text):
            return Found(text, author, slug, source)
    raise FetchError(f"{source}: no block of code in its first post is a blueprint; save the YAML and import the file")


def _code_blocks(cooked: str) -> Iterator[str]:
    for language, block in CODE.findall(cooked):
        if language in LANGUAGES:
            yield html.unescape(re.sub(r"<[^>]*>", "", block)).strip("\n") + "\n"


def _json(content: bytes, address: str) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        value = None
    if not isinstance(value, dict):
        raise FetchError(f"{address}: the answer is not what this server usually sends")
    return value


def _text(content: bytes, address: str) -> str:
    try:
        return decode(content)
    except FileError as failure:
        raise FetchError(f"{address} {failure.message}") from None


def _stem(path: str) -> str:
    return re.sub(r"\.ya?ml$", "", urllib.parse.unquote(path.rstrip("/").rpartition("/")[2]))
