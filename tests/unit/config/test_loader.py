from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from arvisd.config import Broken, Pieces, load, mark_at, secret_of


def test_the_smallest_whole_configuration(write) -> None:
    loaded = load(
        write(
            {
                "configuration.yaml": "mqtt: {broker: mqtt://hub}\nautomation: !include automations.yaml\n",
                "automations.yaml": "- id: a\n",
            }
        )
    )
    assert loaded.tree == {"mqtt": {"broker": "mqtt://hub"}, "automation": [{"id": "a"}]}
    assert loaded.problems == ()
    assert loaded.broken == loaded.unreadable == frozenset()
    assert set(loaded.files) == {"configuration.yaml", "automations.yaml"}
    assert loaded.require() is loaded.tree
    assert str(mark_at(loaded.tree, ["automation", 0, "id"])) == "automations.yaml:1:7"
    assert str(mark_at(loaded.tree, ["automation"])) == "automations.yaml:1:1"


INCLUDED = {
    "parts/b.yaml": "- id: b\n",
    "parts/a.yaml": "- id: a1\n- id: a2\n",
    "parts/inner/c.yaml": "- id: c\n",
    "parts/empty.yaml": "# nothing yet\n",
    "parts/.hidden.yaml": "- id: hidden\n",
    "parts/.git/x.yaml": "- id: hidden\n",
    "parts/secrets.yaml": "x: y\n",
    "parts/notes.txt": "- id: text\n",
}


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("list", [[{"id": "a1"}, {"id": "a2"}], [{"id": "b"}], [{"id": "c"}]]),
        ("merge_list", [{"id": "a1"}, {"id": "a2"}, {"id": "b"}, {"id": "c"}]),
        ("named", {"a": [{"id": "a1"}, {"id": "a2"}], "b": [{"id": "b"}], "c": [{"id": "c"}], "empty": None}),
    ],
)
def test_folders_of_files(write, tag: str, expected: object) -> None:
    loaded = load(write({"configuration.yaml": f"x: !include_dir_{tag} parts\n", **INCLUDED}))
    assert (loaded.tree["x"], loaded.problems) == (expected, ())


def test_a_folder_of_mappings_merged(write) -> None:
    loaded = load(
        write({"configuration.yaml": "x: !include_dir_merge_named p\n", "p/a.yaml": "a: 1\n", "p/b.yaml": "b: 2\n"})
    )
    assert loaded.tree["x"] == {"a": 1, "b": 2}
    assert str(mark_at(loaded.tree, ["x", "b"])) == "p/b.yaml:1:4"


def test_includes_are_relative_to_the_file_that_they_stand_in(write) -> None:
    loaded = load(
        write(
            {
                "configuration.yaml": "x: !include sub/one.yaml\n",
                "sub/one.yaml": "y: !include two.yaml\nz: !include ../three.yaml\n",
                "sub/two.yaml": "2\n",
                "three.yaml": "3\n",
            }
        )
    )
    assert loaded.tree == {"x": {"y": 2, "z": 3}}


def test_one_file_included_twice_is_no_loop(write) -> None:
    loaded = load(write({"configuration.yaml": "x: !include a.yaml\ny: !include a.yaml\n", "a.yaml": "- 1\n"}))
    assert loaded.tree == {"x": [1], "y": [1]}
    assert loaded.problems == ()


def test_a_file_outside_of_the_folder_is_named_in_full(write, tmp_path: Path) -> None:
    folder = write({"config/configuration.yaml": "x: !include ../other.yaml\n", "other.yaml": "[1, *a]\n"}) / "config"
    loaded = load(folder)
    assert [str(problem) for problem in loaded.problems] == [
        f"{tmp_path}/other.yaml:1:5: the alias *a has no anchor &a before it"
    ]
    assert loaded.outside == [tmp_path / "other.yaml"]


def test_secrets_are_searched_upwards(write) -> None:
    loaded = load(
        write(
            {
                "configuration.yaml": "x: !include a/b/c.yaml\ny: !secret top\n",
                "a/b/c.yaml": "[!secret near, !secret middle, !secret top, !secret number]\n",
                "secrets.yaml": "top: t\nmiddle: too far\nnumber: 5\n",
                "a/secrets.yaml": "middle: m\nnear: too far\n",
                "a/b/secrets.yaml": "near: n\n",
            }
        )
    )
    assert loaded.tree == {"x": ["n", "m", "t", 5], "y": "t"}
    assert secret_of(loaded.tree, "y") == "top"
    assert secret_of(loaded.tree["x"], 0) == "near"
    assert str(mark_at(loaded.tree, ["x", 1])) == "a/b/c.yaml:1:16"


def test_an_anchored_secret_stays_a_secret(write) -> None:
    loaded = load(write({"configuration.yaml": "x: &p !secret s\ny: *p\n", "secrets.yaml": "s: v\n"}))
    assert loaded.tree == {"x": "v", "y": "v"}
    assert secret_of(loaded.tree, "y") == "s"


def test_the_environment(write) -> None:
    text = "a: !env_var USER_NAME\nb: !env_var ABSENT some words\nc: !env_var USER_NAME other\n"
    loaded = load(write({"configuration.yaml": text}), {"USER_NAME": "ann"})
    assert loaded.tree == {"a": "ann", "b": "some words", "c": "ann"}


def test_what_is_broken_leaves_the_rest(write) -> None:
    loaded = load(
        write(
            {
                "configuration.yaml": (
                    "mqtt: {password: !secret no}\nautomation: !include_dir_merge_list a\nhome: !include h.yaml\nmodels: {}\n"
                ),
                "a/good.yaml": "- id: good\n",
                "a/bad.yaml": "- id: [\n",
                "h.yaml": "areas: [\n",
            }
        )
    )
    assert loaded.tree["automation"] == [{"id": "good"}]
    assert isinstance(loaded.tree["mqtt"]["password"], Broken)
    assert isinstance(loaded.tree["home"], Broken)
    assert loaded.broken == {"mqtt", "automation", "home"}
    assert loaded.unreadable == {"a/bad.yaml", "h.yaml"}


def test_a_broken_main_file_gives_an_empty_tree(write) -> None:
    loaded = load(write({"configuration.yaml": "mqtt: [\n"}))
    assert loaded.tree == {}
    assert loaded.unreadable == {"configuration.yaml"}


def test_hashes_tell_versions_apart(write) -> None:
    one = load(write({"configuration.yaml": "a: 1\n"})).files
    two = load(write({"configuration.yaml": "a: 2\n"})).files
    again = load(write({"configuration.yaml": "a: 1\n"})).files
    assert one == again != two


GENERAL = st.binary(max_size=200)
YAMLISH = st.text(alphabet=st.sampled_from("ab:- \n\t[]{},'\"&*!<>|?#%@`~01.\\\r\x00é\u2028\ufeff"), max_size=80).map(
    str.encode
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GENERAL | YAMLISH, st.booleans())
@example(b"? [a]\n: b", True)
@example(b"{{ a }: b}", False)
@example(b"!!binary \xff", False)
@example(b"&a *a", False)
@example(b"!include configuration.yaml", False)
@example(b"a: !<tag:yaml.org,2002:int> 1\n", False)
@example(b"%YAML 9.9\n---\na", False)
def test_no_content_ever_raises(content: bytes, included: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "configuration.yaml").write_bytes(b"x: !include x.yaml\n" if included else content)
        (folder / "x.yaml").write_bytes(content)
        for pieces in (None, Pieces()):
            loaded = load(folder, {}, pieces)
            assert all(problem.file and problem.message for problem in loaded.problems)


@pytest.mark.parametrize("tag", ["!include", "!include_dir_list", "!include_dir_named"])
def test_a_name_that_is_too_long_for_any_file(write, tag: str) -> None:
    loaded = load(write({"configuration.yaml": f"x: {tag} {'a' * 300}\n"}))
    assert len(loaded.problems) == 1
