"""Every way in which a folder of files can be bad that we thought of, with the exact text of what is said about it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from arvisd.config import ConfigError, load
from tests.simulators.bad_configurations import problems_of, write

BAD_FOLDERS: dict[str, tuple[dict[str, str | bytes], list[str]]] = {
    "missing include": (
        {"configuration.yaml": "automation: !include automation.yaml\n", "automations.yaml": ""},
        ["configuration.yaml:1:13: automation.yaml is not there (did you mean 'automations.yaml'?)"],
    ),
    "include of a folder": (
        {"configuration.yaml": "automation: !include automations\n", "automations/a.yaml": ""},
        ["configuration.yaml:1:13: automations is a folder, not a file"],
    ),
    "include of nothing": (
        {"configuration.yaml": "automation: !include\n"},
        ["configuration.yaml:1:13: !include takes a path, as in '!include file.yaml'"],
    ),
    "missing folder": (
        {"configuration.yaml": "automation: !include_dir_merge_list automations\n"},
        ["configuration.yaml:1:13: warning: the folder automations is not there"],
    ),
    "include loop": (
        {
            "configuration.yaml": "automation: !include a.yaml\n",
            "a.yaml": "x: !include sub/b.yaml\n",
            "sub/b.yaml": "y: !include ../a.yaml\n",
        },
        ["sub/b.yaml:1:4: the file includes itself: configuration.yaml → a.yaml → sub/b.yaml → a.yaml"],
    ),
    "include of itself": (
        {"configuration.yaml": "mqtt: !include configuration.yaml\n"},
        ["configuration.yaml:1:7: the file includes itself: configuration.yaml → configuration.yaml"],
    ),
    "bad YAML in an included file": (
        {"configuration.yaml": "home: !include home.yaml\nmqtt: {port: x}\n", "home.yaml": "areas:\n\t- id: a\n"},
        [
            "home.yaml:2:1: a tab cannot indent: use spaces",
            "configuration.yaml:2:14: mqtt.port: expected a whole number, got the text 'x'",
        ],
    ),
    "wrong value in an included file": (
        {"configuration.yaml": "home: !include home.yaml\n", "home.yaml": "areas:\n  - id: 'Ä'\n"},
        ["home.yaml:2:9: home.areas[0].id: expected text of small letters, digits and '_', got the text 'Ä'"],
    ),
    "mapping in a folder of lists": (
        {
            "configuration.yaml": "automation: !include_dir_merge_list a\n",
            "a/one.yaml": "- id: 1\n",
            "a/two.yaml": "\nid: 2\n",
        },
        ["a/two.yaml:2:1: expected a list ('- …'), as !include_dir_merge_list joins lists; got a mapping"],
    ),
    "list in a folder of mappings": (
        {"configuration.yaml": "home: !include_dir_merge_named a\n", "a/one.yaml": "- id: 1\n"},
        ["a/one.yaml:1:1: expected a mapping ('key: …'), as !include_dir_merge_named joins mappings; got a list"],
    ),
    "key in two files of a folder": (
        {
            "configuration.yaml": "home: !include_dir_merge_named a\n",
            "a/one.yaml": "areas: []\n",
            "a/two.yaml": "\nareas: []\n",
        },
        ["a/two.yaml:2:1: warning: the key 'areas' is already in a/one.yaml:1:1, which is ignored"],
    ),
    "one name twice in a folder": (
        {"configuration.yaml": "automation: !include_dir_named a\n", "a/x/one.yaml": "1", "a/y/one.yaml": "2"},
        ["a/y/one.yaml:1:1: warning: 'one' is already in a/x/one.yaml, which is ignored"],
    ),
    "missing secret": (
        {"configuration.yaml": "mqtt: {password: !secret mqtt_pasword}\n", "secrets.yaml": "mqtt_password: x\n"},
        ["configuration.yaml:1:18: the secret 'mqtt_pasword' is not in secrets.yaml (did you mean 'mqtt_password'?)"],
    ),
    "no secrets.yaml": (
        {"configuration.yaml": "mqtt: {password: !secret x}\n"},
        ["configuration.yaml:1:18: the secret 'x' is not in secrets.yaml"],
    ),
    "secrets.yaml that is no mapping": (
        {"configuration.yaml": "mqtt: {password: !secret x}\n", "secrets.yaml": "- x\n"},
        [
            "secrets.yaml:1:1: expected 'name: value', got a list",
            "configuration.yaml:1:18: the secret 'x' is not in secrets.yaml",
        ],
    ),
    "bad YAML in secrets.yaml": (
        {"configuration.yaml": "mqtt: {password: !secret x, username: !secret x}\n", "secrets.yaml": "x: 'hunter2\n"},
        [
            "secrets.yaml:1:4: this quote is not closed",
            "configuration.yaml:1:18: the secret 'x' is not in secrets.yaml",
            "configuration.yaml:1:39: the secret 'x' is not in secrets.yaml",
        ],
    ),
    "secret of a wrong type, whose value is not shown": (
        {
            "configuration.yaml": "mqtt: {port: !secret x, protocol: !secret y}\n",
            "secrets.yaml": "x: hunter2\ny: 7.5\n",
        },
        [
            "configuration.yaml:1:14: mqtt.port: expected a whole number, got the secret 'x', which is text",
            (
                "configuration.yaml:1:35: mqtt.protocol: expected one of '3.1.1', '5' or 'auto', "
                "got the secret 'y', which is a number"
            ),
        ],
    ),
    "section that is a secret, of which nothing is shown": (
        {"configuration.yaml": "mqtt: !secret broker\n", "secrets.yaml": "broker:\n  port: hunter2\n"},
        ["secrets.yaml:2:9: mqtt.port: expected a whole number, got the secret 'port', which is text"],
    ),
    "secret within secrets": (
        {"configuration.yaml": "mqtt: {password: !secret x}\n", "secrets.yaml": "x: !secret y\n"},
        ["secrets.yaml:1:4: unknown tag !secret: put the value in quotes if '!' belongs to it"],
    ),
    "missing environment variable": (
        {"configuration.yaml": "mqtt: {username: !env_var ARVIS_USER}\n"},
        [
            (
                "configuration.yaml:1:18: the environment has no ARVIS_USER: set it, or write a default: "
                "'!env_var ARVIS_USER default'"
            )
        ],
    ),
    "environment variable without a name": (
        {"configuration.yaml": "mqtt: {username: !env_var }\n"},
        [
            "configuration.yaml:1:18: !env_var takes a name and perhaps a default, as in '!env_var MQTT_PORT 1883'",
        ],
    ),
    "two packages of one mind": (
        {
            "configuration.yaml": "mqtt:\n  root: a\narvisd:\n  packages: !include_dir_named packages\n",
            "packages/p.yaml": "mqtt:\n  root: b\n  port: 1\n",
            "packages/q.yaml": "\nmqtt: {port: 2}\n",
        },
        [
            "packages/p.yaml:2:3: 'root' is already in configuration.yaml:2:3: write it in one place only",
            "packages/q.yaml:2:8: 'port' is already in packages/p.yaml:3:3: write it in one place only",
        ],
    ),
    "package that is a list": (
        {"configuration.yaml": "homeassistant:\n  packages:\n    p: [1]\n"},
        ["configuration.yaml:3:8: the package 'p': expected sections, as in 'automation:', got a list"],
    ),
    "packages that are a list": (
        {"configuration.yaml": "homeassistant:\n  packages: [1]\n"},
        ["configuration.yaml:2:13: packages: expected a mapping of packages by name, got a list"],
    ),
    "packages in a package": (
        {"configuration.yaml": "arvisd:\n  packages:\n    p:\n      arvisd: {packages: {}}\n"},
        ["configuration.yaml:4:16: warning: a package holds no packages: these are ignored"],
    ),
    "value for a section that is a mapping": (
        {"configuration.yaml": "mqtt: {}\narvisd:\n  packages: {p: {mqtt: 5}}\n"},
        ["configuration.yaml:3:18: 'mqtt' is already in configuration.yaml:1:1: write it in one place only"],
    ),
    "no folder": ({}, ["configuration.yaml: the file is not there"]),
    "main file misnamed": (
        {"configuraton.yaml": ""},
        ["configuration.yaml: the file is not there (did you mean 'configuraton.yaml'?)"],
    ),
}


@pytest.mark.parametrize("case", BAD_FOLDERS)
def test_what_is_said_of_a_bad_folder(case: str, tmp_path: Path) -> None:
    files, expected = BAD_FOLDERS[case]
    write(tmp_path, files)
    assert problems_of(tmp_path) == expected


def test_a_fifo_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    write(tmp_path, {"configuration.yaml": "automation: !include_dir_merge_list a\n", "a/b.yaml": "- id: 1\n"})
    os.mkfifo(tmp_path / "a" / "c.yaml")
    loaded = load(tmp_path)
    assert [str(p) for p in loaded.problems] == ["configuration.yaml:1:13: a/c.yaml is not a regular file"]
    assert loaded.tree == {"automation": [{"id": 1}]}
    assert loaded.broken == {"automation"}
    assert loaded.unreadable == {"a/c.yaml"}


def test_a_device_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"configuration.yaml": "automation: !include /dev/zero\n"})
    assert problems_of(tmp_path) == ["configuration.yaml:1:13: /dev/zero is not a regular file"]


def test_a_dangling_link(tmp_path: Path) -> None:
    write(tmp_path, {"configuration.yaml": "automation: !include a.yaml\n"})
    (tmp_path / "a.yaml").symlink_to("nowhere.yaml")
    assert problems_of(tmp_path) == ["configuration.yaml:1:13: a.yaml is a symlink to a file that is not there"]


def test_a_link_to_itself(tmp_path: Path) -> None:
    write(tmp_path, {"configuration.yaml": "automation: !include a.yaml\n"})
    (tmp_path / "a.yaml").symlink_to("a.yaml")
    assert problems_of(tmp_path) == [
        "configuration.yaml:1:13: a.yaml cannot be opened: Too many levels of symbolic links"
    ]


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"configuration.yaml": ""})

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("arvisd.config.files.os.open", refused)  # root, who runs this in CI, may read all
    owner = (tmp_path / "configuration.yaml").owner()
    assert problems_of(tmp_path) == [
        f"configuration.yaml: the file may not be read by this user: chmod or chown it (owner {owner})"
    ]


def test_includes_that_multiply_are_bounded(tmp_path: Path) -> None:
    write(tmp_path, {"configuration.yaml": "a: [" + "!include f0.yaml, " * 10 + "]\n"})
    for n in range(8):
        write(tmp_path, {f"f{n}.yaml": "[" + f"!include f{n + 1}.yaml, " * 10 + "]\n"})
    write(tmp_path, {"f8.yaml": "x" * 1000 + "\n"})
    loaded = load(tmp_path)
    assert [str(p) for p in loaded.errors] == [
        "f7.yaml:1:56: the included files have more than 64 MB together",
    ]
    assert loaded.tree == {}


def test_the_error_carries_every_problem(tmp_path: Path) -> None:
    write(tmp_path, {"configuration.yaml": "a: *x\nb: *y\n"})
    with pytest.raises(ConfigError) as caught:
        load(tmp_path).require()
    assert str(caught.value) == (
        "configuration.yaml:1:4: the alias *x has no anchor &x before it\n"
        "configuration.yaml:2:4: the alias *y has no anchor &y before it"
    )
