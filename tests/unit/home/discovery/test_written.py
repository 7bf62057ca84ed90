import pytest

from arvisd.config import load
from arvisd.home.discovery.written import SOURCE, read_written

GOOD = """\
mqtt:
  broker: mqtt://somewhere
  switch:
    - name: Pump
      command_topic: pump/set
      state_topic: pump/state
  sensor:
    name: Depth
    state_topic: well/depth
    unit_of_measurement: m
"""


def written(tmp_path, text):
    (tmp_path / "configuration.yaml").write_text(text)
    components, problems = read_written(load(tmp_path).tree.get("mqtt"))
    return components, [str(problem) for problem in problems]


async def test_devices_of_the_configuration_are_driven(rig, tmp_path):
    components, problems = written(tmp_path, GOOD)
    assert problems == []
    rig.house.announce(SOURCE, components)
    assert [entity.id for entity in rig.home.entities()] == ["sensor.depth", "switch.pump"]
    await rig.act("switch.turn_on", "switch.pump", {}, [("pump/state", "ON")])
    assert rig.take_sent() == [("pump/set", "ON")]
    rig.house.announce(SOURCE, written(tmp_path, GOOD.replace("Pump", "Well pump"))[0])
    assert [entity.id for entity in rig.home.entities()] == ["sensor.depth", "switch.well_pump"]


def test_the_older_form_is_a_list(tmp_path):
    components, problems = written(
        tmp_path, "mqtt:\n  - sensor:\n      - {name: A, state_topic: a}\n  - light: {command_topic: b}\n"
    )
    assert [component.key for component in components] == ["configuration/sensor/A", "configuration/light/b"]
    assert problems == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("mqtt:\n  sensor:\n    - {name: A}\n", "configuration.yaml:3:7: mqtt: sensor: missing 'state_topic'"),
        ("mqtt:\n  sensor: A\n", "configuration.yaml:2:11: mqtt: a sensor must be a mapping of its keys"),
        ("mqtt:\n  switch: {command_topic: 'a/#'}\n", "configuration.yaml:2:11: mqtt: switch: command_topic: the topic 'a/#' holds '+', '#' or a null character: those are for subscribing only"),
        ("mqtt:\n  switch: {command_topic: a, stat_topic: b}\n", "configuration.yaml:2:42: warning: mqtt: switch: unknown key 'stat_topic' (did you mean 'state_topic'?)"),
        ("mqtt:\n  sensor:\n    - {name: A, state_topic: a}\n    - {name: A, state_topic: b}\n", "configuration.yaml:4:7: mqtt: sensor: there is another one of this name: give it a unique_id"),
        ("mqtt:\n  light: {schema: jason, command_topic: a}\n", "configuration.yaml:2:10: mqtt: light: 'schema' must be basic, json or template, not 'jason'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(tmp_path, text, problem):
    assert written(tmp_path, text)[1] == [problem]
