"""Platform `alarm_control_panel` (https://www.home-assistant.io/integrations/alarm_control_panel.mqtt/)."""

from __future__ import annotations

import hmac
from typing import Any, ClassVar

import msgspec

from arvisd.core.errors import ActionFailedError
from arvisd.home.actions.alarm import ARM, AlarmCode
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import MqttEntity

REMOTE = frozenset({"REMOTE_CODE", "REMOTE_CODE_TEXT"})
"""In place of a code: the panel checks it itself."""

STATES = frozenset({"disarmed", *ARM.values(), "pending", "arming", "disarming", "triggered"})


class AlarmConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of an alarm panel."""

    command_topic: str
    command_template: str = "{{action}}"
    state_topic: str
    value_template: str | None = None
    code: str | None = None
    """Code to compare with, `REMOTE_CODE` or `REMOTE_CODE_TEXT`; none: no code is asked for."""
    code_arm_required: bool = True
    code_disarm_required: bool = True
    code_trigger_required: bool = True
    supported_features: list[str] = msgspec.field(default_factory=lambda: [*ARM, "trigger"])
    payload_arm_home: str = "ARM_HOME"
    payload_arm_away: str = "ARM_AWAY"
    payload_arm_night: str = "ARM_NIGHT"
    payload_arm_vacation: str = "ARM_VACATION"
    payload_arm_custom_bypass: str = "ARM_CUSTOM_BYPASS"
    payload_disarm: str = "DISARM"
    payload_trigger: str = "TRIGGER"


class AlarmControlPanel(MqttEntity):
    """An alarm panel."""

    domain = "alarm_control_panel"
    schema = AlarmConfig
    actions: ClassVar[frozenset[str]] = frozenset({*(f"alarm_{way}" for way in ARM), "alarm_disarm", "alarm_trigger"})

    def __init__(self, key: str, config: AlarmConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    def features(self) -> frozenset[str]:
        """Return the ways to arm it, and whether it can be set off."""
        return frozenset(self.config.supported_features)

    def listen(self) -> None:
        """Listen to the state."""
        self.follow("state", self.config.state_topic, "value_template", _state)

    def value(self) -> str | None:
        """Return the state."""
        return self.known.get("state")

    def attributes(self) -> dict[str, Any]:
        """Return what kind of code it wants; never the code."""
        code = self.config.code
        if code is None:
            return {"code_arm_required": False}
        digits = code == "REMOTE_CODE" or code.isdigit()
        return {"code_format": "number" if digits else "text", "code_arm_required": self.config.code_arm_required}

    def alarm_arm_home(self, data: AlarmCode) -> None:
        """Arm: somebody is at home."""
        self._do("arm_home", data)

    def alarm_arm_away(self, data: AlarmCode) -> None:
        """Arm: nobody is at home."""
        self._do("arm_away", data)

    def alarm_arm_night(self, data: AlarmCode) -> None:
        """Arm for the night."""
        self._do("arm_night", data)

    def alarm_arm_vacation(self, data: AlarmCode) -> None:
        """Arm for a journey."""
        self._do("arm_vacation", data)

    def alarm_arm_custom_bypass(self, data: AlarmCode) -> None:
        """Arm without some zones."""
        self._do("arm_custom_bypass", data)

    def alarm_disarm(self, data: AlarmCode) -> None:
        """Disarm."""
        self._do("disarm", data)

    def alarm_trigger(self, data: AlarmCode) -> None:
        """Set off."""
        self._do("trigger", data)

    def _do(self, name: str, data: AlarmCode) -> None:
        config = self.config
        needed = getattr(config, f"code_{'arm' if name in ARM else name}_required")
        if config.code is not None and config.code not in REMOTE and needed:
            # compared in constant time: the code must not be told from how long a wrong one takes
            if not hmac.compare_digest(config.code.encode(), (data.code or "").encode()):
                raise ActionFailedError(
                    f"{self.entity_id}: " + ("the code is wrong" if data.code else "a code is needed")
                )
        elif config.code in REMOTE and needed and not data.code:
            raise ActionFailedError(f"{self.entity_id}: a code is needed")
        payload = getattr(config, f"payload_{name}")
        self.tell(config.command_topic, payload, "command_template", action=payload, code=data.code)


def _state(text: str) -> str:
    if text not in STATES:
        raise ValueError
    return text
