"""Where blueprints come from: addresses as people copy them, and what is fetched for each."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

from arvisd.automation.blueprints.fetching import FetchError
from arvisd.automation.blueprints.sources import Found, find_blueprint

TEXT = "blueprint:\n  name: B & C\n  domain: automation\nactions: []\n"
GIST = {
    "owner": {"login": "ann"},
    "files": {
        "readme.md": {"content": "blueprint: no"},
        "other.yaml": {"content": "a: 1\n"},
        "Light.yaml": {"content": TEXT},
    },
}
LONG_GIST = {"files": {"l.yml": {"content": "blue", "truncated": True, "raw_url": "https://gist.example/raw"}}}


def topic(cooked: str) -> bytes:
    return json.dumps({"slug": "my-light", "post_stream": {"posts": [{"username": "bob", "cooked": cooked}]}}).encode()


def code(text: str, language: str = "lang-yaml") -> str:
    return f'<p>Hi</p><pre><code class="{language}">{html.escape(text)}</code></pre>'


WEB = {
    "https://raw.githubusercontent.com/ann/house/main/bp/light.yaml": TEXT.encode(),
    "https://api.github.com/gists/0a1b2c": json.dumps(GIST).encode(),
    "https://api.github.com/gists/1111": json.dumps(LONG_GIST).encode(),
    "https://api.github.com/gists/2222": b'{"files": {}}',
    "https://api.github.com/gists/3333": b"<html>",
    "https://gist.example/raw": TEXT.encode(),
    "https://community.home-assistant.io/t/7.json": topic(code("other: 1\n") + code(TEXT)),
    "https://community.home-assistant.io/t/8.json": topic(code(TEXT, "lang-python")),
    "https://community.home-assistant.io/t/9.json": b"[]",
    "https://community.home-assistant.io/t/10.json": b'{"slug": 1}',
    "https://www.home-assistant.io/blueprints/x.yaml": TEXT.encode(),
    "https://example.org/some/Fine%20Light.yml": TEXT.encode(),
    "https://example.org/picture": b"\x89PNG\x00\x00",
}


def fetch(url: str) -> bytes:
    if url not in WEB:
        raise FetchError(f"{url}: 404 Not Found")
    return WEB[url]


FOUND = [
    ("https://github.com/ann/house/blob/main/bp/light.yaml", "ann", "light"),
    ("https://github.com/ann/house/blob/main/bp/light.yaml?plain=1#L3", "ann", "light"),
    ("https://raw.githubusercontent.com/ann/house/main/bp/light.yaml", "ann", "light"),
    ("https://gist.github.com/ann/0a1b2c", "ann", "Light"),
    ("https://gist.github.com/0a1b2c#file-light-yaml", "ann", "Light"),
    ("https://gist.github.com/ann/1111", "gist", "l"),
    ("https://community.home-assistant.io/t/my-light/7", "bob", "my-light"),
    ("https://community.home-assistant.io/t/my-light/7/12?u=x", "bob", "my-light"),
    ("https://www.home-assistant.io/blueprints/x.yaml", "homeassistant", "x"),
    ("https://example.org/some/Fine%20Light.yml", "example.org", "Fine Light"),
]


@pytest.mark.parametrize(("address", "author", "name"), FOUND)
def test_found(address: str, author: str, name: str) -> None:
    assert find_blueprint(address, fetch) == Found(TEXT, author, name, address)


def test_the_import_button() -> None:
    button = "https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url=https%3A%2F%2Fgist.github.com%2Fann%2F0a1b2c"
    assert find_blueprint(button, fetch) == Found(TEXT, "ann", "Light", "https://gist.github.com/ann/0a1b2c")


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(TEXT)
    assert find_blueprint(str(tmp_path / "x.yaml"), fetch) == Found(TEXT, "", "x")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://example.org/none", "https://example.org/none: 404 Not Found"),
        (
            "https://gist.github.com/ann/2222",
            "https://gist.github.com/ann/2222: none of its .yaml files is a blueprint",
        ),
        (
            "https://gist.github.com/ann/3333",
            "https://api.github.com/gists/3333: the answer is not what this server usually sends",
        ),
        (
            "https://community.home-assistant.io/t/x/8",
            (
                "https://community.home-assistant.io/t/x/8: no block of code in its first post is a blueprint; "
                "save the YAML and import the file"
            ),
        ),
        (
            "https://community.home-assistant.io/t/x/9",
            "https://community.home-assistant.io/t/9.json: the answer is not what this server usually sends",
        ),
        (
            "https://community.home-assistant.io/t/x/10",
            "https://community.home-assistant.io/t/10.json: this is not a topic of the forum",
        ),
        ("https://example.org/picture", "https://example.org/picture is a binary file, not text"),
        (
            "https://my.home-assistant.io/redirect/blueprint_import/?x=1",
            "https://my.home-assistant.io/redirect/blueprint_import/?x=1: it lacks 'blueprint_url='",
        ),
        ("/nowhere/x.yaml", "/nowhere/x.yaml is not there"),
    ],
)
def test_not_found(address: str, said: str) -> None:
    with pytest.raises(FetchError) as failure:
        find_blueprint(address, fetch)
    assert str(failure.value) == said
