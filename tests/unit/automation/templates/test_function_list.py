"""Every function, filter and test of Home Assistant 2026.11 is there, and what looks at states is refused at load."""

from __future__ import annotations

import pytest

from arvisd.automation.errors import TemplateError
from arvisd.automation.templates.environment import TemplateEnvironment, limited
from arvisd.automation.templates.template import Template
from arvisd.core.hub import Hub

# g a function, f a filter, t a test, ! not in templates that are rendered once, at load
FORMS = """
acos:fg add:f apply:fgt area_devices:fg area_entities:fg area_id:fg! area_name:fg! areas:g as_datetime:fg
as_function:fg as_local:fg as_timedelta:fg as_timestamp:fg asin:fg atan:fg atan2:fg average:fg base64_decode:f
base64_encode:f bitwise_and:fg bitwise_or:fg bitwise_xor:fg bool:fg clamp:fg closest:fg! combine:fg
config_entry_attr:fg config_entry_id:fg contains:ft cos:fg datetime:t device_attr:fg! device_entities:fg device_id:fg!
device_name:fg! difference:fg distance:g! e:g entity_name:fg! expand:fg! flatten:fg float:fg floor_areas:fg
floor_entities:fg floor_id:fg! floor_name:fg! floors:g from_hex:f from_json:f has_value:fgt! iif:fg int:fg
integration_entities:fg intersect:fg is_defined:f is_device_attr:gt! is_hidden_entity:gt! is_number:fgt is_state:gt!
is_state_attr:gt! issue:fg issues:g label_areas:fg label_description:fg label_devices:fg label_entities:fg label_id:fg!
label_name:fg! labels:fg list:t log:fg match:t max:g md5:fg median:fg merge_response:g min:g multiply:f now:g! ord:f
ordinal:f pack:fg pi:g random:f regex_findall:f regex_findall_index:f regex_match:f regex_replace:f regex_search:f
relative_time:fg! remap:fg round:f search:t set:gt sha1:fg sha256:fg sha512:fg shuffle:fg sin:fg slugify:fg sqrt:fg
state_attr:fg! state_attr_translated:fg! state_translated:fg! states:fg! statistical_mode:fg string_like:t strptime:g
symmetric_difference:fg tan:fg tau:g time_since:fg! time_until:fg! timedelta:g timedelta_string:fg! timestamp_custom:f
timestamp_local:f timestamp_utc:f to_json:f today_at:fg! tuple:gt typeof:fg union:fg unpack:fg urlencode:g utcnow:g!
version:fg wrap:fg zip:g
""".split()  # noqa: SIM905  # 129 entries read better as words


@pytest.fixture
def environment(hub: Hub) -> TemplateEnvironment:
    return TemplateEnvironment(hub.states, hub.clock)


@pytest.mark.parametrize("entry", FORMS)
def test_it_is_there(environment: TemplateEnvironment, entry: str) -> None:
    name, _, forms = entry.partition(":")
    tables = {"g": environment.globals, "f": environment.filters, "t": environment.tests}
    for form in forms.rstrip("!"):
        assert name in tables[form]


@pytest.mark.parametrize("entry", [entry for entry in FORMS if entry.endswith("!")])
def test_it_is_refused_at_load(environment: TemplateEnvironment, entry: str) -> None:
    name, _, forms = entry.rstrip("!").partition(":")
    text = f"{{{{ {name}('light.a') }}}}" if "g" in forms else f"{{{{ 'light.a' | {name} }}}}"
    with pytest.raises(TemplateError) as raised:
        Template(limited(environment), text).render({})
    said = f"{name}() cannot be used here: this template is rendered once, when the automation is loaded"
    assert str(raised.value) == f"template: {said}"
