"""A gateway's or a hub's fault has one word: in the log, in status (of the host and of others), in doctor, in the metrics."""

import re

import pytest

from lab.told import await_metric, finds, is_told_everywhere, metric, status


@pytest.mark.parametrize("trouble, fault", [
    ("dead on", "no-gateway"),
    ("stuck on", "hub-stuck"),
    ("lie on", "hub-stuck"),
    ("hang on", "hub-stuck"),
    ("deny on", "hub-stuck"),
])
def test_of_a_host_that_boots_into_trouble(cluster, trouble, fault):
    host, = cluster.add_hosts(1, gateway_limit_seconds=2)
    host.hub.tell(trouble)
    host.power_on()
    cluster.await_state(host, "faulty")
    is_told_everywhere(host, "faulty", fault)
    if fault == "hub-stuck":
        finds(host, "error", "hub-power", "the hub does not turn the gateway off")
        await_metric(host, 0, "pizwg_hub_off_proven")


def test_of_a_gateway_that_is_lost_while_it_serves(cluster):
    master, _ = cluster.start(gateway_limit_seconds=2)
    master.hub.tell("unplug")
    cluster.await_state(master, "faulty", limit=60)
    is_told_everywhere(master, "faulty", "gateway-lost")
    await_metric(master, 1, "pizwg_sessions_ended_total", reason="gateway-lost")
    await_metric(master, 1, "pizwg_gateway_hang_ups_total")
    assert "session ended reason=gateway-lost" in master.log()
    assert re.search(r"ended .*gateway-lost 1", status(master))
    assert metric(master, "pizwg_last_role_change_timestamp_seconds", to="standby", reason="gateway-lost")
    assert re.search(r"became standby .*\(gateway-lost\)", status(master))


def test_of_a_gateway_that_does_not_come_when_it_is_needed(cluster):
    master, *others = cluster.start(3, gateway_limit_seconds=2)
    elected = max(others, key=lambda host: host.number)
    elected.hub.tell("dead on")
    master.lose_power()
    elected.await_(lambda: "fault=gateway-late" in elected.log(), "gateway-late", 60)
    cluster.await_state(elected, "faulty")
    is_told_everywhere(elected, "faulty", "gateway-late")


def test_of_a_gateway_that_leaves_the_bus_for_a_moment(cluster):
    master, _ = cluster.start()
    master.hub.tell("unplug")
    master.await_log("gateway left")
    master.hub.tell("plug")
    await_metric(master, 1, "pizwg_gateway_returns_total")
    assert metric(master, "pizwg_gateway_hang_ups_total") == 1
    assert "left 1 time while it was open; back within the grace: 1" in status(master)
