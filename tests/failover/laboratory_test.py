"""The laboratory itself: one that saw nothing would find nothing."""

import math

import pytest

from lab.simulated_hub import PowerLog, seconds_with_two


def power_log(folder, name, *changes):
    log = PowerLog(folder / name)
    log.path.write_text("".join(f"{int(at * 1e9)} {power}\n" for at, power in changes))
    return log


@pytest.fixture
def logs(tmp_path):
    return [power_log(tmp_path, "a", (1, "on"), (5, "off"), (8, "on")), power_log(tmp_path, "b", (4, "on"), (9, "off")),
            power_log(tmp_path, "c", (4.5, "on"), (4.75, "off"))]


def test_a_gateway_has_power_until_its_log_says_otherwise(logs):
    assert logs[0].intervals() == [(1, 5), (8, math.inf)]
    assert logs[0].is_on()
    assert not logs[1].is_on()


def test_the_time_with_two_or_more_is_counted_once(logs):
    assert seconds_with_two(logs, since=0, until=20) == pytest.approx(1 + 1)


def test_only_the_time_that_was_asked_for_counts(logs):
    assert seconds_with_two(logs, since=4.5, until=8.25) == pytest.approx(0.5 + 0.25)


def test_two_hosts_that_are_given_power_at_once_are_seen(cluster):
    with cluster.fault("laboratory", overlap=True) as fault:
        for host in cluster.add_hosts(2):
            host.hub.tell("supply on")
        cluster.hosts[0].await_(lambda: all(host.hub.power_log.is_on() for host in cluster.hosts), "two with power")
        cluster.let_pass(0.2)
    assert fault.overlap >= 0.2
