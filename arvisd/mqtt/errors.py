"""Errors of the connection to a broker.

ArvisError
└── MqttError                        the broker cannot be used now
    ├── BrokerUnreachableError       nobody answers there, or the connection broke
    │   └── NoAnswerError            it hung up on our CONNECT without a word
    ├── BrokerRefusedError           it answered and said no; asking again soon is useless
    │   └── BrokerCredentialsError   user, password or certificate are wrong
    ├── ProtocolRefusedError         it does not speak this version of MQTT
    └── NoDaemonError                the broker is there, and no daemon of that root
"""

from __future__ import annotations

import ssl

from arvisd.core.errors import ArvisError

UNSUPPORTED_PROTOCOL = 0x84
BAD_CREDENTIALS = frozenset({0x86, 0x87, 0x8C})
"""Bad user name or password, not authorized, bad authentication method (MQTT 5, section 3.2.2.2)."""
BUSY = frozenset({0x88, 0x89, 0x97, 0x9F})
"""Server unavailable, server busy, quota exceeded, connection rate exceeded: these pass."""
FAILURE = 0x80
"""Reason codes from here on say no."""


class MqttError(ArvisError):
    """The broker cannot be used now."""

    retryable = True


class BrokerUnreachableError(MqttError):
    """Nobody answers there, or the connection broke."""


class NoAnswerError(BrokerUnreachableError):
    """The broker hung up on our CONNECT without a word, as some do that do not know MQTT 5."""


class BrokerRefusedError(MqttError):
    """The broker answered and said no."""

    retryable = False


class BrokerCredentialsError(BrokerRefusedError):
    """User, password or certificate are wrong."""


class ProtocolRefusedError(MqttError):
    """The broker does not speak this version of MQTT."""


class NoDaemonError(MqttError):
    """The broker is there, and no daemon of that root."""


def refusal(code: int, name: str, address: str, username: str) -> MqttError:
    """Map the reason code of a CONNACK (the numbers of MQTT 5) to an error that holds the remedy."""
    if code == UNSUPPORTED_PROTOCOL:
        return ProtocolRefusedError(f"the broker at {address} does not speak this version of MQTT")
    if code in BAD_CREDENTIALS:
        who = f"the user {username!r}" if username else "a client without a user name"
        return BrokerCredentialsError(
            f"the broker at {address} refuses {who} ({name.lower()}): check mqtt.username and mqtt.password"
        )
    if code in BUSY:
        return BrokerUnreachableError(f"the broker at {address} is not ready ({name.lower()})")
    if code == 0x85:
        return BrokerRefusedError(f"the broker at {address} refuses the client id: set mqtt.client_id to one it takes")
    if code in (0x9C, 0x9D):
        return BrokerRefusedError(f"the broker at {address} has moved: set mqtt.broker to its new address")
    return BrokerRefusedError(f"the broker at {address} refuses the connection ({name.lower()}, code {code})")


def no_answer(address: str) -> NoAnswerError:
    """Return the error for a broker that takes the connection and then says nothing or hangs up."""
    hint = ": does it ask for a client certificate (mqtt.tls.certificate)?" if address.startswith("mqtts:") else ""
    return NoAnswerError(f"the broker at {address} gives no answer{hint}")


def unreachable(error: Exception, address: str) -> MqttError:
    """Map what connecting raised to an error that holds the remedy."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return BrokerRefusedError(
            f"the certificate of the broker at {address} is not trusted ({error.verify_message}): "
            "set mqtt.tls.ca to the authority that signed it"
        )
    if isinstance(error, ssl.SSLError):
        why = getattr(error, "reason", None) or error
        return BrokerUnreachableError(
            f"no TLS with the broker at {address} ({why}): does this port speak TLS, "
            "and does it ask for a client certificate (mqtt.tls.certificate)?"
        )
    if isinstance(error, TimeoutError):
        return BrokerUnreachableError(f"the broker at {address} does not answer in time")
    if isinstance(error, ConnectionRefusedError):
        return BrokerUnreachableError(f"nobody listens at {address}: is the broker running?")
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return BrokerUnreachableError(f"cannot reach the broker at {address}: {reason}")
