"""A fault has one word: in the log, in status, in doctor, in the metrics."""

import re

import pytest

from lab.cluster import Cluster
from lab.identity import Identity
from lab.metrics import parse
from lab.waiting import until


@pytest.fixture
def cluster(programs, tmp_path):
    made = Cluster(programs, Identity(tmp_path / "identity"))
    yield made
    made.end()


def metrics_of(host):
    return parse(host.run_inside("cat", "/run/pizwg/metrics/pizwg.prom").stdout)


@pytest.mark.parametrize("trouble, state, fault", [
    ("dead on", "faulty", "no-gateway"),
    ("stuck on", "faulty", "hub-stuck"),
    ("lie on", "faulty", "hub-stuck"),
])
def test_of_a_host_that_boots_into_trouble(cluster, trouble, state, fault):
    host, = cluster.add_hosts(1, gateway_limit_seconds=2)
    host.hub.tell(trouble)
    host.power_on()
    cluster.await_state(host, state)
    assert re.search(rf"state changed .*to={state} .*fault={fault}", host.log())
    until(lambda: metrics_of(host).get(("pizwg_fault", frozenset({("fault", fault)}))) == 1, what=fault)
    shown = host.pizwg("status", check=False)
    assert shown.returncode == 1
    assert f": {state}, {fault}, not fit\n" in shown.stdout
    assert f"is not fit: {state}, {fault}\n" in shown.stderr
    found = host.pizwg("doctor", check=False)
    assert found.returncode == 1
    assert re.search(rf"^error +daemon +this host is not fit: {state}, {fault}$", found.stdout, re.MULTILINE)
    if fault == "hub-stuck":
        assert re.search(r"^error +hub-power ", found.stdout, re.MULTILINE)


def test_of_a_gateway_that_is_lost_while_it_serves(cluster):
    master, _ = cluster.start(gateway_limit_seconds=2)
    master.hub.tell("unplug")
    cluster.await_state(master, "faulty", limit=60)
    until(lambda: metrics_of(master)[("pizwg_sessions_ended_total", frozenset({("reason", "gateway-lost")}))] == 1)
    assert "session ended reason=gateway-lost" in master.log()
    change = ("pizwg_last_role_change_timestamp_seconds", frozenset({("to", "standby"), ("reason", "gateway-lost")}))
    until(lambda: change in metrics_of(master), what=f"{change}:\n{master.log()[-3000:]}")
    assert "became standby" in master.pizwg("status", check=False).stdout


def test_of_a_handover(cluster):
    master, standby = cluster.start()
    until(lambda: re.search(r"other hosts \S+ is serving, fit", standby.pizwg("status").stdout))
    master.pizwg("handover")
    until(lambda: ("pizwg_last_role_change_timestamp_seconds",
                   frozenset({("to", "standby"), ("reason", "handover-ordered")})) in metrics_of(master))
    until(lambda: metrics_of(standby).get(("pizwg_failovers_total", frozenset())) == 1)
    said = standby.pizwg("status")
    assert re.search(r"failover +became master .*the last\s+failover to it\s+took \d\.\d s", said.stdout), said.stdout
