from __future__ import annotations

from arvisd.config import load, mark_of


def test_packages_join_mappings_and_lists(write) -> None:
    loaded = load(
        write(
            {
                "configuration.yaml": (
                    "homeassistant:\n  packages: !include_dir_named packages\n"
                    "automation:\n  - id: main\nmqtt:\n  embedded: {port: 1}\nmodels:\n"
                ),
                "packages/door.yaml": "automation:\n  id: door\nmqtt:\n  root: house\n  embedded: {host: x}\nmodels: {path: /m}\n",
                "packages/light.yaml": "automation:\n  - id: light\nhome:\n  areas: [{id: a}]\n",
                "packages/nothing.yaml": "",
            }
        )
    )
    assert loaded.problems == ()
    assert loaded.tree == {
        "automation": [{"id": "main"}, {"id": "door"}, {"id": "light"}],
        "mqtt": {"embedded": {"port": 1, "host": "x"}, "root": "house"},
        "models": {"path": "/m"},
        "home": {"areas": [{"id": "a"}]},
    }
    assert [str(item.mark) for item in loaded.tree["automation"]] == [
        "configuration.yaml:4:5",
        "packages/door.yaml:2:3",
        "packages/light.yaml:2:5",
    ]
    assert str(mark_of(loaded.tree["mqtt"], "root")) == "packages/door.yaml:4:9"


def test_packages_of_arvisd_leave_its_own_keys(write) -> None:
    loaded = load(
        write({"configuration.yaml": "arvisd:\n  name: A\n  packages:\n    p:\n      arvisd: {language: ru}\n"})
    )
    assert loaded.tree == {"arvisd": {"name": "A", "language": "ru"}}
    assert loaded.problems == ()


def test_several_sections_of_one_name(write) -> None:
    loaded = load(
        write(
            {
                "configuration.yaml": "automation ui: !include a.yaml\nautomation mine:\n  - id: b\nautomation: {id: c}\n",
                "a.yaml": "- id: a\n",
            }
        )
    )
    assert loaded.tree == {"automation": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}


def test_a_scalar_that_is_there_stays_and_both_places_are_told(write) -> None:
    loaded = load(
        write({"configuration.yaml": "mqtt: {root: a}\narvisd: {packages: {p: {mqtt: {root: b}, home: {x: 1}}}}\n"})
    )
    assert [str(problem) for problem in loaded.problems] == [
        "configuration.yaml:2:32: 'root' is already in configuration.yaml:1:8: write it in one place only"
    ]
    assert loaded.tree == {"mqtt": {"root": "a"}, "arvisd": {}, "home": {"x": 1}}
    assert "mqtt" in loaded.broken


def test_a_broken_package_breaks_only_what_it_holds(write) -> None:
    loaded = load(
        write(
            {
                "configuration.yaml": "arvisd: {packages: !include_dir_named p}\nautomation: [{id: a}]\nmodels: {}\n",
                "p/bad.yaml": "automation: !include nowhere.yaml\n",
                "p/good.yaml": "automation: [{id: b}]\n",
            }
        )
    )
    assert loaded.tree["automation"] == [{"id": "a"}, {"id": "b"}]
    assert "models" not in loaded.broken
    assert "automation" in loaded.broken
