"""Own messages that a broker of MQTT 3.1.1 sends back."""

from __future__ import annotations

from arvisd.mqtt.echoes import CAPACITY, Echoes


def test_each_message_sent_swallows_one_that_comes_back() -> None:
    echoes = Echoes()
    echoes.expect("a", b"1", 0.0)
    echoes.expect("a", b"1", 1.0)
    assert [echoes.take("a", b"1", 2.0) for _ in range(3)] == [True, True, False]
    assert not echoes.take("a", b"2", 2.0)
    assert not echoes


def test_after_a_while_the_same_bytes_are_somebody_elses() -> None:
    echoes = Echoes()
    echoes.expect("a", b"1", 0.0)
    assert not echoes.take("a", b"1", 10.0)
    echoes.expect("a", b"1", 20.0)
    echoes.expect("a", b"1", 40.0)
    assert [echoes.take("a", b"1", 41.0) for _ in range(2)] == [True, False]


def test_after_a_reconnect_they_come_later() -> None:
    echoes = Echoes()
    echoes.expect("a", b"1", 0.0)
    echoes.extend(9.0)
    assert echoes.take("a", b"1", 15.0)


def test_the_table_is_bounded() -> None:
    echoes = Echoes()
    for number in range(CAPACITY + 5):
        echoes.expect("a", b"%d" % number, 0.0)
    assert len(echoes) == CAPACITY
    assert not echoes.take("a", b"4", 1.0)
    assert echoes.take("a", b"5", 1.0)
