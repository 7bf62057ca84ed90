"""Every way in which one file can be bad that we thought of, with the exact text of what is said about it."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from arvisd.config.sections import CORE_SECTIONS
from tests.simulators.bad_configurations import SECTIONS, problems_of, write

BAD_TEXT: dict[str, tuple[str | bytes, list[str]]] = {
    "unknown section": (
        "modells: {}\n",
        ["configuration.yaml:1:1: there is no section or integration 'modells' (did you mean 'models'?)"],
    ),
    "unknown section like none": (
        "zzz: {}\n",
        ["configuration.yaml:1:1: warning: there is no section or integration 'zzz': it is ignored"],
    ),
    "section of Home Assistant": (
        "logger: {default: info}\n",
        [
            (
                "configuration.yaml:1:1: warning: 'logger' of Home Assistant is ignored: "
                "write 'log_level' under 'arvisd:' instead"
            )
        ],
    ),
    "unknown key": (
        "mqtt:\n  brokr: x\n",
        ["configuration.yaml:2:3: unknown key 'brokr' in mqtt (did you mean 'broker'?)"],
    ),
    "unknown key like none": (
        "modem:\n  sms:\n    qqq: 1\n",
        ["configuration.yaml:3:5: unknown key 'qqq' in modem.sms (valid: storage, pause)"],
    ),
    "key that is a number": (
        "models:\n  1: x\n",
        ["configuration.yaml:2:3: unknown key 1 in models (valid: path)"],
    ),
    "text for a number": (
        "mqtt:\n  keepalive: soon\n",
        ["configuration.yaml:2:14: mqtt.keepalive: expected a whole number, got the text 'soon'"],
    ),
    "number with a fraction": (
        "mqtt:\n  keepalive: 1.5\n",
        ["configuration.yaml:2:14: mqtt.keepalive: expected a whole number, got the number 1.5"],
    ),
    "environment that is no number": (
        "mqtt: {port: !env_var SHELL_PORT}\n",
        ["configuration.yaml:1:14: mqtt.port: expected a whole number, got the text 'x'"],
    ),
    "boolean for text": (
        "mqtt:\n  username: on\n",
        ["configuration.yaml:2:13: mqtt.username: expected text, got true: put it in quotes"],
    ),
    "version that became a number": (
        "mqtt:\n  client_id: 1.10\n",
        ["configuration.yaml:2:14: mqtt.client_id: expected text, got the number 1.1: put it in quotes"],
    ),
    "nothing for text": (
        "mqtt:\n  username:\n",
        ["configuration.yaml:2:12: mqtt.username: expected text, got nothing"],
    ),
    "text for a mapping": (
        "mqtt: localhost\n",
        ["configuration.yaml:1:7: mqtt: expected a mapping ('key: …'), got the text 'localhost'"],
    ),
    "list for a mapping": (
        "mqtt:\n  - broker: x\n",
        ["configuration.yaml:2:3: mqtt: expected a mapping ('key: …'), got a list"],
    ),
    "mapping for a list": (
        "home:\n  areas: {kitchen: {}}\n",
        [
            "configuration.yaml:2:10: home.areas: expected a list (each item a mapping ('key: …')), got a mapping",
        ],
    ),
    "too short a list": (
        "modem: {bands: []}\n",
        ["configuration.yaml:1:16: modem.bands: expected at least 1 item, got a list of 0"],
    ),
    "missing key": (
        "home:\n  areas:\n    - name: Kitchen\n",
        ["configuration.yaml:3:7: the key 'id' is missing in home.areas[0]"],
    ),
    "id in a wrong form": (
        "home:\n  areas:\n    - id: Living Room\n",
        [
            (
                "configuration.yaml:3:11: home.areas[0].id: expected text of small letters, digits and '_', "
                "got the text 'Living Room'"
            )
        ],
    ),
    "what a section as a whole refuses": (
        "home:\n  areas:\n    - id: a\n    - id: a\n",
        ["configuration.yaml:2:3: home: the area 'a' is there twice"],
    ),
    "choice misspelt": (
        "arvisd:\n  operation: standalon\n",
        [
            (
                "configuration.yaml:2:14: arvisd.operation: expected one of 'cloud', 'hybrid' or 'standalone', "
                "got the text 'standalon' (did you mean 'standalone'?)"
            )
        ],
    ),
    "choice as a boolean": (
        "arvisd: {log_level: off}\n",
        ["configuration.yaml:1:21: arvisd.log_level: expected one of 'debug', 'error', 'info' or 'warning', got false"],
    ),
    "out of range": (
        "arvisd:\n  latitude: 91\n",
        ["configuration.yaml:2:13: arvisd.latitude: expected a number from -90 to 90, got the number 91"],
    ),
    "below the least": (
        "modem: {retries: 0}\n",
        ["configuration.yaml:1:18: modem.retries: expected a whole number of at least 1, got the number 0"],
    ),
    "not a number at all": (
        "arvisd: {elevation: .nan}\n",
        ["configuration.yaml:1:21: arvisd.elevation: expected a number, got the number nan"],
    ),
    "neither of two types": (
        "modem: {port: ttyUSB0}\n",
        [
            (
                "configuration.yaml:1:15: modem.port: expected 'auto' or a whole number above 0 and below 65536, "
                "got the text 'ttyUSB0'"
            )
        ],
    ),
    "too long a text": (
        "modem: {pin: 12345}\n",
        ["configuration.yaml:1:14: modem.pin: expected text of at most 4 characters, got the number 12345"],
    ),
    "a kind that is not there": (
        "modem:\n  steps:\n    - kind: calll\n      number: 1\n",
        [
            (
                "configuration.yaml:3:13: modem.steps[0].kind: expected one of 'call' or 'text', "
                "got the text 'calll' (did you mean 'call'?)"
            )
        ],
    ),
    "no kind": (
        "modem:\n  steps:\n    - number: 1\n",
        ["configuration.yaml:3:7: the key 'kind' is missing in modem.steps[0]"],
    ),
    "wrong inside of a kind": (
        "modem:\n  steps:\n    - kind: text\n      to: [1, 2.5]\n",
        [
            "configuration.yaml:4:15: modem.steps[0].to[1]: expected text, got the number 2.5: put it in quotes",
            "configuration.yaml:3:7: the key 'text' is missing in modem.steps[0]",
        ],
    ),
    "no duration": (
        "modem: {sms: {pause: a while}}\n",
        [
            (
                "configuration.yaml:1:22: modem.sms.pause: expected a duration, as in 5 (seconds), '00:00:05', "
                "'500 ms' or {minutes: 5}, got the text 'a while'"
            )
        ],
    ),
    "negative duration": (
        "modem: {sms: {pause: -1}}\n",
        [
            "configuration.yaml:1:22: modem.sms.pause: expected a duration of at least 0 seconds, got the number -1",
        ],
    ),
    "time zone": (
        "arvisd:\n  timezone: Europe/Berln\n",
        [
            (
                "configuration.yaml:2:13: arvisd.timezone: there is no time zone 'Europe/Berln': "
                "write it as in Europe/Berlin"
            )
        ],
    ),
    "key of a mapping by language": (
        "modem:\n  greetings:\n    de: Hallo\n",
        ["configuration.yaml:3:5: modem.greetings: expected a key that is one of 'en' or 'ru', got the text 'de'"],
    ),
    "several at once, all told": (
        "mqtt:\n  keepalive: x\n  protocol: 4\n  tls: 1\n",
        [
            "configuration.yaml:2:14: mqtt.keepalive: expected a whole number, got the text 'x'",
            "configuration.yaml:3:13: mqtt.protocol: expected one of '3.1.1', '5' or 'auto', got the number 4",
            "configuration.yaml:4:8: mqtt.tls: expected a mapping ('key: …'), got the number 1",
        ],
    ),
    "top level that is a list": (
        "- mqtt\n",
        ["configuration.yaml:1:1: expected sections, as in 'mqtt:', got a list"],
    ),
    "top level that is text": (
        "mqtt\n",
        ["configuration.yaml:1:1: expected sections, as in 'mqtt:', got text"],
    ),
    "duplicate section": (
        "mqtt: {}\nmodels: {}\nmqtt: {}\n",
        ["configuration.yaml:3:1: the key 'mqtt' is here twice: the first, in line 1, is ignored"],
    ),
    "duplicate key": (
        "mqtt:\n  port: 1\n  port: 2\n",
        ["configuration.yaml:3:3: warning: the key 'port' is here twice: the first, in line 2, is ignored"],
    ),
    "tab as indentation": ("mqtt:\n\tport: 1\n", ["configuration.yaml:2:1: a tab cannot indent: use spaces"]),
    "colon in a value": (
        "mqtt:\n  username: a: b\n",
        [
            (
                "configuration.yaml:2:14: a second ':' or a wrong indentation: "
                "put the value in quotes or mend the indentation"
            )
        ],
    ),
    "no colon": ("mqtt:\n  port: 1\nfoo\n", ["configuration.yaml:3:1: expected 'key: value' or a list item '- value'"]),
    "key outdented wrongly": (
        "mqtt:\n    port: 1\n  root: x\n",
        ["configuration.yaml:3:3: expected a key that fits the mapping of line 1: mend the indentation"],
    ),
    "item outdented wrongly": (
        "automation:\n  - a: 1\n  b: 2\n",
        ["configuration.yaml:3:3: expected another '- ' item of the list of line 2: mend the indentation"],
    ),
    "list not closed": (
        "assist: {stt: [a, b}\n",
        ["configuration.yaml:1:15: this '[' is not closed with ']', or a ',' is missing between its items"],
    ),
    "mapping not closed": (
        "assist: {stt: a\nmqtt: {}\n",
        ["configuration.yaml:1:9: this '{' is not closed with '}', or a ',' is missing between its keys"],
    ),
    "quote not closed": ('mqtt: {username: "x}\n', ["configuration.yaml:1:18: this quote is not closed"]),
    "value that begins with @": (
        "mqtt:\n  username: @home\n",
        ["configuration.yaml:2:13: a value cannot begin with '@': put it in quotes"],
    ),
    "escape in quotes": (
        'mqtt: {username: "DOMAIN\\user"}\n',
        [
            (
                "configuration.yaml:1:27: unknown escape in double quotes: "
                "write '\\\\' for a backslash, or use single quotes"
            )
        ],
    ),
    "template without quotes": (
        "automation:\n  - variables:\n      x: {{ now() }}\n",
        ['configuration.yaml:3:11: a template must be in quotes: "{{ … }}"'],
    ),
    "list as a key": ("[a]: b\n", ["configuration.yaml:1:1: a mapping or a list cannot be a key"]),
    "second document": (
        "mqtt: {}\n---\nmodels: {}\n",
        ["configuration.yaml:2:1: a second document begins here: one file holds one document"],
    ),
    "unknown tag": (
        "mqtt: {username: !secrt x}\n",
        [
            (
                "configuration.yaml:1:18: unknown tag !secrt (did you mean '!secret'?): "
                "put the value in quotes if '!' belongs to it"
            )
        ],
    ),
    "Python object": (
        "mqtt: !!python/object:os.system {}\n",
        ["configuration.yaml:1:7: unknown tag !!python/object:os.system: put the value in quotes if '!' belongs to it"],
    ),
    "tag on a list": (
        "automation: !include [a.yaml]\n",
        ["configuration.yaml:1:13: !include takes one value, as in '!include file.yaml'"],
    ),
    "tag that lies": ("mqtt: {port: !!int many}\n", ["configuration.yaml:1:14: this value is not what !!int says"]),
    "alias without an anchor": (
        "mqtt: &broker {}\nmodels: *brokr\n",
        [
            "configuration.yaml:2:9: the alias *brokr has no anchor &brokr before it (did you mean 'broker'?)",
        ],
    ),
    "anchor within itself": (
        "automation: &a\n  - *a\n",
        ["configuration.yaml:2:5: the anchor &a contains itself"],
    ),
    "merge of no mapping": (
        "mqtt:\n  <<: text\n",
        ["configuration.yaml:2:7: '<<' takes a mapping or a list of mappings, as in '<<: *anchor'"],
    ),
    "billion laughs": (
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)),
        ["configuration.yaml:6:45: more than 1,000,000 values with all aliases and includes counted"],
    ),
    "nested too deep": ("automation: " + "[" * 1000, ["configuration.yaml:1:112: nested more than 100 levels deep"]),
    "no configuration at all": ("", []),
    "only comments": ("# nothing\n", []),
    "binary": (b"\x7fELF\x02\x01\x01\x00\x00\xff", ["configuration.yaml:1:1: the file is a binary file, not text"]),
    "control character": (
        "mqtt:\n  username: a\x07\n",
        ["configuration.yaml:2:14: not a text file: it holds the control character 0x07"],
    ),
    "UTF-16": (
        codecs.BOM_UTF16_LE + "mqtt: {}\n".encode("utf-16-le"),
        ["configuration.yaml:1:1: the file is in UTF-16: save it as UTF-8"],
    ),
    "Windows-1251": (
        "arvisd:\n  name: Арвис\n".encode("cp1251"),
        ["configuration.yaml:2:9: the file is not in UTF-8 (byte 0xc0): save it as UTF-8"],
    ),
    "10 MB line": (
        b"mqtt: {username: " + b"x" * (10 * 1024 * 1024) + b"}\n",
        ["configuration.yaml: the file has 10.0 MB, more than the 8 MB of a configuration file"],
    ),
    "7 MB line": (
        b"mqtt: {username: [" + b"x" * (7 * 1024 * 1024) + b"]}\n",
        ["configuration.yaml:1:18: mqtt.username: expected text, got a list"],
    ),
    "byte order mark, which is no harm": (codecs.BOM_UTF8 + b"mqtt: {}\n", []),
}


@pytest.mark.parametrize("case", BAD_TEXT)
def test_what_is_said_of_a_bad_file(case: str, tmp_path: Path) -> None:
    content, expected = BAD_TEXT[case]
    write(tmp_path, {"configuration.yaml": content})
    assert problems_of(tmp_path) == expected


def test_there_are_many_ways() -> None:
    assert sum(bool(expected) for _, expected in BAD_TEXT.values()) >= 30
    assert set(SECTIONS) - {"modem"} <= set(CORE_SECTIONS)
