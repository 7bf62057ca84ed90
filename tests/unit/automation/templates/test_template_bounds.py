"""A template that loops or expands is cut off by time and size: each in a process with bounds of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CPU_SECONDS = 15
"""For one template, on a slow machine; most take a few milliseconds. The kernel ends a process that takes longer."""
MEGABYTES = 400
"""Address space that a template may take beyond what the process has when it begins."""

GREEDY = [
    "{% for a in range(99999999) %}{% endfor %}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{% set b = [0] * 99999 %}{% endfor %}",
    "{% for a in range(99999) %}{% set b = 'x' * 999999 %}{% endfor %}",
    "{% for a in range(99999) %}{% set b = states.light | list | sort(attribute='state') %}{% endfor %}",
    "{% for a in range(9999) %}{{ (range(9999) | list | sort | reverse | list | string)[:1] }}{% endfor %}",
    "{% set ns = namespace(v='ab') %}{% for i in range(99) %}{% set ns.v = ns.v + ns.v %}{% endfor %}{{ ns.v }}",
    "{% set ns = namespace(v=[1]) %}{% for i in range(99) %}{% set ns.v = ns.v + ns.v %}{% endfor %}{{ ns.v }}",
    "{% set ns = namespace(v=3) %}{% for i in range(99) %}{% set ns.v = ns.v * ns.v %}{% endfor %}{{ ns.v }}",
    "{% set ns = namespace(v='ab') %}{% for i in range(99) %}{% set ns.v = ns.v ~ ns.v %}{% endfor %}{{ ns.v }}",
    "{% set ns = namespace(v='ab') %}{% for i in range(99) %}{% set ns.v = ns.v | replace('a', ns.v) %}{% endfor %}{{ ns.v }}",
    "{% set ns = namespace(v=[1]) %}{% for i in range(99) %}{% set ns.v = [ns.v, ns.v] %}{% endfor %}{{ ns.v }}",
    "{% set ns = namespace(v=[1]) %}{% for i in range(30) %}{% set ns.v = [ns.v, ns.v] %}{% endfor %}{{ ns.v | flatten }}",
    "{% set ns = namespace(v={}) %}{% for i in range(40) %}{% set ns.v = {'a': ns.v, 'b': ns.v} %}{% endfor %}{{ ns.v | to_json }}",
    "{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}",
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "{% macro m(n) %}{% for i in range(9) %}{% if n %}{{ m(n - 1) }}{% endif %}{% endfor %}{% endmacro %}{{ m(9) }}",
    "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "{{ 'x' * 10 ** 12 }}", "{{ [0] * 10 ** 12 }}", "{{ 10 ** 10 ** 10 }}", "{{ 2 ** 99999999 }}", "{{ 1 << 9999 }}",
    "{{ '%999999999d' % 1 }}", "{{ '{:>999999999}'.format(1) }}", "{{ '%*d' % (999999999, 1) }}",
    "{{ 'x'.center(999999999) }}", "{{ 'x' | center(999999999) }}", "{{ 'x' | indent(999999999) }}", "{{ 'x' | wordwrap(1) }}",
    "{{ lipsum(n=99999999) }}", "{{ range(99999999) | list }}", "{{ range(99999999) | sum }}", "{{ range(99999999) | max }}",
    "{{ range(10 ** 9) | random }}", "{{ range(10 ** 9) | batch(1) | list }}", "{{ [1] | batch(99999999, 0) | list }}",
    "{{ [1] | slice(99999999) | list }}", "{{ 'a' * 30 is search('(a+)+b') }}", "{{ ('a' * 30) | regex_replace('(a|a)*b', '') }}",
    "{{ ('x' * 4000000) | regex_findall('x') | length }}", "{{ ('x' * 9999) | regex_replace('x', 'x' * 99999) }}",
    "{{ ('[' * 99999) | from_json }}", "{{ '9' * 99999 | int }}", "{{ ('9' * 999999) | int }}", "{{ ('9' * 999999) | float }}",
    "{{ [range(9999) | list] * 9999 }}", "{{ zip(range(99999999), range(99999999)) | list }}", "{{ combine({}, {}) }}",
    "{{ 'x' | base64_encode * 999999999 }}", "{{ pack(1, '>999999999s') }}", "{{ timedelta(days=10 ** 12) }}",
    "{{ ('a' * 999999) | urlencode * 99 }}", "{{ ('<' * 4000000) | escape }}", "{{ ('<' * 4000000) | forceescape | length }}",
    "{{ ('a ' * 999999) | title | wordcount }}", "{{ ('a,' * 999999).split(',') | unique | list }}", "{{ dict(a=1) | pprint }}",
    "{{ range(999999) | map('string') | join('x' * 99999) }}", "{{ (range(9999) | list) | product(99) | list }}",
    "{{ 'x'.join(['y' * 999999] * 9999) }}", "{{ 'ab'.replace('a', 'x' * 4000000).replace('x', 'y' * 99) }}",
    "{{ '\\t' * 9999 | string | replace('x', '') }}", "{{ ('\\t' * 9999).expandtabs(99999) }}", "{{ ('a' * 9999).translate({97: 'x' * 9999}) }}",
    "{% for i in range(99999) %}{{ states('light.l' ~ i) }}{% endfor %}", "{% for s in states %}{{ states | list }}{% endfor %}",
    "{{ " + "(" * 900 + "1" + ")" * 900 + " }}", "{{ " + "not " * 3000 + "x }}", "{{ x" + ".a" * 5000 + " }}", "{{ 1" + " + 1" * 5000 + " }}",
    "{% if x %}" * 300 + "{% endif %}" * 300, "{% for i in [1, 2] %}" * 40 + "x" + "{% endfor %}" * 40, "{{ " + "[" * 2000 + "]" * 2000 + " }}",
]  # fmt: skip

CHILD = """
import json, os, resource, sys
from arvisd.automation.errors import TemplateError
from arvisd.automation.templates.template import Template
from tests.fuzz.written_templates import VARIABLES, environment

texts, seconds, megabytes = json.load(sys.stdin)
known = environment()
Template(known, "{{ states | list | length }}{{ 'a' | regex_replace('a', 'b') }}").render({})
have = int(open("/proc/self/statm").read().split()[0]) * 4096


def render(text, out):
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (have + megabytes * 2**20,) * 2)
    try:
        made = Template(known, text)
        made.check()
        said = f"{len(made.render(dict(VARIABLES)))} characters"
    except TemplateError as error:
        said = str(error)
    os.write(out, said[:300].encode())


for text in texts:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            render(text, write)
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    _, status = os.waitpid(child, 0)
    print(json.dumps([text, os.waitstatus_to_exitcode(status), os.read(read, 400).decode(errors="replace")]))
    os.close(read)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's bounds are looked up under /proc")
def test_greedy_templates_end_within_their_bounds() -> None:
    root = Path(__file__).parents[4]
    child = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=root, text=True, check=True, capture_output=True, env={"PYTHONPATH": str(root)},
        input=json.dumps([GREEDY, CPU_SECONDS, MEGABYTES]),
    )  # fmt: skip
    ended = [json.loads(line) for line in child.stdout.splitlines()]
    assert [text for text, _, _ in ended] == GREEDY
    assert [one for one in ended if one[1] or "MemoryError" in one[2]] == []
