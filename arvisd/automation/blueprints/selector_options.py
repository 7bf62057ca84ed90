"""What may stand under each of Home Assistant's 46 selectors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from arvisd.config.validate import ONE_OR_MANY

Texts = Annotated[tuple[str, ...], ONE_OR_MANY]
Mode = Literal["box", "slider"]


class SelectorOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options that every selector takes."""

    read_only: bool = False


class EntityFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entities are offered."""

    domain: Texts = ()
    device_class: Texts = ()
    integration: str | None = None
    supported_features: Any = None
    unit_of_measurement: Any = None
    device: Any = None


class DeviceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which devices are offered."""

    integration: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    model_id: str | None = None
    entity: Any = None


EntityFilters = Annotated[tuple[EntityFilter, ...], ONE_OR_MANY]
DeviceFilters = Annotated[tuple[DeviceFilter, ...], ONE_OR_MANY]


class Multiple(SelectorOptions, frozen=True, kw_only=True):
    """One text or several."""

    multiple: bool = False


class AppOptions(SelectorOptions, frozen=True, kw_only=True):
    """Apps, once called add-ons."""

    name: str | None = None
    slug: str | None = None


class PlaceOptions(Multiple, frozen=True, kw_only=True):
    """Areas and floors."""

    entity: EntityFilters = ()
    device: DeviceFilters = ()
    reorder: bool = False


class AttributeOptions(SelectorOptions, frozen=True, kw_only=True):
    """An attribute of an entity."""

    entity_id: Any = None
    hide_attributes: Texts = ()


class BehaviorOptions(SelectorOptions, frozen=True, kw_only=True):
    """When a trigger or condition on several entities counts."""

    mode: Literal["trigger", "condition"]
    translation_key: str | None = None


class ChooseOptions(SelectorOptions, frozen=True, kw_only=True):
    """What one of several selectors takes."""

    choices: dict[str, Any]
    """Each `{selector: …}`."""
    translation_key: str | None = None


class ColorTempOptions(SelectorOptions, frozen=True, kw_only=True):
    """A colour temperature."""

    unit: Literal["kelvin", "mired"] = "mired"
    min: float | None = None
    max: float | None = None
    min_mireds: float | None = None
    max_mireds: float | None = None


class ConfigEntryOptions(SelectorOptions, frozen=True, kw_only=True):
    """A set-up integration."""

    integration: str | None = None


class ConstantOptions(SelectorOptions, frozen=True, kw_only=True):
    """One value that cannot be changed."""

    value: bool | int | str
    label: str | None = None
    translation_key: str | None = None


class AgentOptions(SelectorOptions, frozen=True, kw_only=True):
    """Who answers in a conversation."""

    language: str | None = None


class CountryOptions(SelectorOptions, frozen=True, kw_only=True):
    """A country."""

    countries: Texts = ()
    no_sort: bool = False


class DeviceClassOptions(Multiple, frozen=True, kw_only=True):
    """A class of entities."""

    domain: str


class DeviceOptions(Multiple, frozen=True, kw_only=True):
    """Devices."""

    integration: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    model_id: str | None = None
    entity: EntityFilters = ()
    filter: DeviceFilters = ()
    reorder: bool = False


class DurationOptions(SelectorOptions, frozen=True, kw_only=True):
    """A length of time."""

    enable_day: bool = False
    enable_second: bool = True
    enable_millisecond: bool = False
    allow_negative: bool | None = None
    mode: str | None = None


class EntityOptions(Multiple, frozen=True, kw_only=True):
    """Entities."""

    domain: Texts = ()
    device_class: Texts = ()
    integration: str | None = None
    exclude_entities: Texts = ()
    include_entities: Texts = ()
    filter: EntityFilters = ()
    reorder: bool = False


class FileOptions(SelectorOptions, frozen=True, kw_only=True):
    """An uploaded file."""

    accept: str


class IconOptions(SelectorOptions, frozen=True, kw_only=True):
    """An icon."""

    placeholder: str | None = None


class LanguageOptions(SelectorOptions, frozen=True, kw_only=True):
    """A language."""

    languages: Texts = ()
    native_name: bool = False
    no_sort: bool = False


class LocationOptions(SelectorOptions, frozen=True, kw_only=True):
    """A place on the earth."""

    radius: bool = False
    icon: str | None = None


class MediaOptions(Multiple, frozen=True, kw_only=True):
    """Something that can be played."""

    accept: Texts = ()
    image_upload: bool = False


class NumberOptions(SelectorOptions, frozen=True, kw_only=True):
    """A number."""

    min: float | None = None
    max: float | None = None
    step: Literal["any"] | Annotated[float, msgspec.Meta(gt=0)] = 1
    unit_of_measurement: str | None = None
    mode: Mode | None = None
    translation_key: str | None = None


class ThresholdOptions(SelectorOptions, frozen=True, kw_only=True):
    """A bound that a value crosses."""

    mode: str
    unit_of_measurement: Any = None
    number: Any = None
    entity: EntityFilters = ()


class ObjectField(msgspec.Struct, frozen=True, kw_only=True):
    """One field of an `object` selector."""

    selector: Any
    required: bool = False
    default: Any = msgspec.UNSET
    label: str | None = None


class ObjectOptions(Multiple, frozen=True, kw_only=True):
    """Whatever YAML can write."""

    fields: dict[str, Any] | None = None
    """Each an `ObjectField`."""
    label_field: str | None = None
    description_field: str | None = None
    translation_key: str | None = None


class QrCodeOptions(SelectorOptions, frozen=True, kw_only=True):
    """A picture to be scanned; nothing is given."""

    data: str
    scale: int | None = None
    center_image: str | None = None
    error_correction_level: Literal["low", "medium", "quartile", "high"] | None = None


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """An option of a `select` with words for people."""

    value: str
    label: str | None = None


class SelectOptions(Multiple, frozen=True, kw_only=True):
    """One of several options, or several of them."""

    options: list[Any]
    """Texts, or mappings of `value` and `label`."""
    custom_value: bool = False
    mode: Literal["list", "dropdown", "box"] | None = None
    translation_key: str | None = None
    sort: bool = False
    reorder: bool = False


class SerialPortOptions(SelectorOptions, frozen=True, kw_only=True):
    """A serial port."""

    extra_recommended_domains: Texts = ()


class StateClassOptions(Multiple, frozen=True, kw_only=True):
    """How a sensor measures."""

    state_classes: Texts = ()


class StateOptions(Multiple, frozen=True, kw_only=True):
    """A state of an entity."""

    entity_id: Any = None
    attribute: str | None = None
    hide_states: Texts = ()


class TargetOptions(SelectorOptions, frozen=True, kw_only=True):
    """What an action is aimed at."""

    entity: EntityFilters = ()
    device: DeviceFilters = ()
    primary_entities_only: bool | None = None


class TextOptions(Multiple, frozen=True, kw_only=True):
    """Text."""

    multiline: bool = False
    prefix: str | None = None
    suffix: str | None = None
    type: (
        Literal[
            "color",
            "date",
            "datetime-local",
            "email",
            "month",
            "number",
            "password",
            "search",
            "tel",
            "text",
            "time",
            "url",
            "week",
        ]
        | None
    ) = None
    autocomplete: str | None = None


class ThemeOptions(SelectorOptions, frozen=True, kw_only=True):
    """A theme of dashboards."""

    include_default: bool = False


class UnitOptions(Multiple, frozen=True, kw_only=True):
    """A unit of measurement."""

    device_class: Any = None
    state_class: Any = None
