"""What can be wrong in a blueprint itself, with the exact text and place."""

from __future__ import annotations

from pathlib import Path

import pytest

from arvisd.automation.blueprints.shelf import Shelf

HEAD = "blueprint:\n  name: B\n  domain: automation\n"
BODY = "actions: []\n"

CASES = {
    "empty": ("", ["b.yaml:1:1: the file is empty"]),
    "a list": (
        "- a\n",
        ["b.yaml:1:1: this is no blueprint: it lacks the key 'blueprint' with name, domain and input"],
    ),
    "an automation": (
        "alias: A\nactions: []\n",
        ["b.yaml:1:1: this is no blueprint: it lacks the key 'blueprint' with name, domain and input"],
    ),
    "syntax": ("blueprint: [\n", ["b.yaml:2:1: "]),
    "no header": (
        "blueprint:\n" + BODY,
        ["b.yaml:1:11: blueprint: expected a mapping ('key: …'), got nothing"],
    ),
    "no name": (
        "blueprint:\n  domain: automation\n" + BODY,
        ["b.yaml:2:3: the key 'name' is missing in blueprint"],
    ),
    "no domain": ("blueprint:\n  name: B\n" + BODY, ["b.yaml:2:3: the key 'domain' is missing in blueprint"]),
    "other domain": (
        HEAD.replace("automation", "script") + BODY,
        [
            (
                "b.yaml:3:11: this blueprint makes a script: it belongs into blueprints/script/, "
                "not into blueprints/automation/"
            )
        ],
    ),
    "unknown domain": (
        HEAD.replace("automation", "automatoin") + BODY,
        ["b.yaml:3:11: blueprints make an automation or a script, not 'automatoin' (did you mean 'automation'?)"],
    ),
    "unknown key": (
        HEAD + "  autor: me\n" + BODY,
        ["b.yaml:4:3: warning: blueprint: the key 'autor' is not known here (did you mean 'author'?)"],
    ),
    "version": (
        HEAD + "  homeassistant: {min_version: 2024.6}\n" + BODY,
        ["b.yaml:4:32: min_version: 2024.6 is not a version, as in 2024.6.0"],
    ),
    "version to come": (
        HEAD + "  homeassistant: {min_version: 2031.6.0}\n" + BODY,
        ["b.yaml:4:32: warning: it was written for Home Assistant 2031.6.0: the dialect here is that of 2026.11.0"],
    ),
    "a good version": (HEAD + "  homeassistant: {min_version: 2024.6.0}\n" + BODY, []),
    "address": (
        HEAD + "  source_url: somewhere\n" + BODY,
        ["b.yaml:4:15: blueprint.source_url: 'somewhere' is not the address of a page"],
    ),
    "inputs in a list": (
        HEAD + "  input: [a]\n" + BODY,
        ["b.yaml:4:10: blueprint.input: expected a mapping of inputs by name, got a list"],
    ),
    "an input that is text": (
        HEAD + "  input:\n    a: text\n" + "actions: !input a\n",
        ["b.yaml:5:8: the input 'a': expected a mapping ('key: …'), got the text 'text'"],
    ),
    "key of an input": (
        HEAD + "  input:\n    a: {defualt: 1}\nactions: !input a\n",
        ["b.yaml:5:9: warning: the input 'a': the key 'defualt' is not known here (did you mean 'default'?)"],
    ),
    "unused": (
        HEAD + "  input: {a: }\n" + BODY,
        ["b.yaml:4:11: warning: the input 'a' is used nowhere: write '!input a' where its value belongs"],
    ),
    "undeclared": (
        HEAD + "  input: {lamp: }\nactions: [!input lamb, !input lamp]\n",
        ["b.yaml:5:11: !input lamb: the blueprint has no such input (did you mean 'lamp'?)"],
    ),
    "none declared": (
        HEAD + "actions: !input steps\n",
        ["b.yaml:4:10: !input steps: the blueprint has no such input: declare it under 'blueprint: input:'"],
    ),
    "in the header": (
        HEAD + "  input: {a: {default: !input a}}\nactions: !input a\n",
        ["b.yaml:4:24: !input a: it cannot stand in the header of the blueprint"],
    ),
    "twice, in a section": (
        HEAD + "  input:\n    a:\n    more:\n      input:\n        a:\nactions: !input a\n",
        ["b.yaml:8:9: the input 'a' is already in b.yaml:5:5"],
    ),
    "a section": (
        HEAD
        + "  input:\n    s: {name: S, icon: mdi:x, description: D, collapsed: true, input: {a: }}\nactions: !input a\n",
        [],
    ),
    "key of a section": (
        HEAD + "  input:\n    s: {colapsed: true, input: {a: }}\nactions: !input a\n",
        ["b.yaml:5:9: warning: the section 's': the key 'colapsed' is not known here (did you mean 'collapsed'?)"],
    ),
    "a section of a list": (
        HEAD + "  input:\n    s: {input: [a]}\n" + BODY,
        ["b.yaml:5:16: the section 's': input: expected a mapping of inputs by name, got a list"],
    ),
    "a blueprint of a blueprint": (
        HEAD + "use_blueprint: {path: c.yaml}\n" + BODY,
        ["b.yaml:4:1: a blueprint cannot use a blueprint"],
    ),
    "visibility": (
        HEAD
        + "  input:\n    a: {visible: {field: b, operator: in, value: 1}}\n    b:\nactions: [!input a, !input b]\n",
        ["b.yaml:5:18: visible: 'in' takes a list of values, got a number"],
    ),
    "visibility without value": (
        HEAD + "  input:\n    a: {visible: {field: b}}\n    b:\nactions: [!input a, !input b]\n",
        ["b.yaml:5:18: visible: the key 'value' is missing"],
    ),
    "a secret": (
        HEAD + "variables: {a: !secret x}\n" + BODY,
        ["b.yaml:4:16: !secret is not given to a file that others wrote: make it an input"],
    ),
    "the environment": (
        HEAD + "variables: {a: !env_var HOME}\n" + BODY,
        ["b.yaml:4:16: !env_var is not given to a file that others wrote: make it an input"],
    ),
    "includes itself": (
        HEAD + "actions: !include b.yaml\n",
        ["b.yaml:4:10: the file includes itself: b.yaml → b.yaml"],
    ),
    "includes what is outside": (
        HEAD + "actions: !include ../../secrets.yaml\n",
        ["b.yaml:4:10: !include: a file that others wrote may only include what lies in blueprints/"],
    ),
    "selector without colon": (
        HEAD + "  input: {a: {selector: boolean}}\nactions: !input a\n",
        ["b.yaml:4:25: the input 'a': selector: expected a mapping: write 'boolean:' with a colon"],
    ),
    "selector of a list": (
        HEAD + "  input: {a: {selector: [boolean]}}\nactions: !input a\n",
        ["b.yaml:4:25: the input 'a': selector: expected the name of a selector, as in 'entity:'; got a list"],
    ),
    "two selectors": (
        HEAD + "  input: {a: {selector: {boolean: , text: }}}\nactions: !input a\n",
        ["b.yaml:4:25: the input 'a': an input has one selector, not 2 (boolean, text)"],
    ),
    "unknown selector": (
        HEAD + "  input: {a: {selector: {entety: }}}\nactions: !input a\n",
        [
            (
                "b.yaml:4:26: warning: the input 'a': there is no selector 'entety' (did you mean 'entity'?); "
                "its values are not checked"
            )
        ],
    ),
    "option of a selector": (
        HEAD + "  input: {a: {selector: {entity: {domains: light}}}}\nactions: !input a\n",
        [
            (
                "b.yaml:4:35: warning: the input 'a': selector 'entity': the key 'domains' is not known here "
                "(did you mean 'domain'?)"
            )
        ],
    ),
    "value of an option": (
        HEAD + "  input: {a: {selector: {number: {min: low}}}}\nactions: !input a\n",
        ["b.yaml:4:40: the input 'a': selector 'number'.min: expected a number, got the text 'low'"],
    ),
    "bounds": (
        HEAD + "  input: {a: {selector: {number: {min: 9, max: 1}}}}\nactions: !input a\n",
        ["b.yaml:4:40: the input 'a': selector 'number': nothing is from 9 to 1"],
    ),
    "select without options": (
        HEAD + "  input: {a: {selector: {select: }}}\nactions: !input a\n",
        ["b.yaml:4:34: the key 'options' is missing in the input 'a': selector 'select'"],
    ),
    "option without value": (
        HEAD + "  input: {a: {selector: {select: {options: [{label: L}]}}}}\nactions: !input a\n",
        ["b.yaml:4:45: the key 'value' is missing in the input 'a': selector 'select'"],
    ),
    "filter": (
        HEAD + "  input: {a: {selector: {entity: {filter: [{domian: light}]}}}}\nactions: !input a\n",
        [
            (
                "b.yaml:4:45: warning: the input 'a': selector 'entity': filter: the key 'domian' is not known here "
                "(did you mean 'domain'?)"
            )
        ],
    ),
    "field of an object": (
        HEAD + "  input: {a: {selector: {object: {fields: {x: {selector: {txt: }}}}}}}\nactions: !input a\n",
        [
            (
                "b.yaml:4:59: warning: the input 'a': selector 'object': x: there is no selector 'txt' "
                "(did you mean 'text'?); its values are not checked"
            )
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_said_with_its_place(case: str, tmp_path: Path) -> None:
    text, expected = CASES[case]
    file = tmp_path / "blueprints/automation/b.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    blueprint = Shelf(tmp_path).get("automation", "b.yaml")
    assert blueprint is not None
    said = [str(problem).replace("blueprints/automation/b.yaml", "b.yaml") for problem in blueprint.problems]
    if expected == ["b.yaml:2:1: "]:
        assert len(said) == 1
        assert said[0].startswith(expected[0])
    else:
        assert said == expected
    assert blueprint.valid is not any(": warning: " not in text for text in said)
