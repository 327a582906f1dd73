"""A fault has one word: in the log, in status (of the host and of others), in doctor, in the metrics."""

import re

import pytest

from lab.certificates import EXPIRED, make_certificate
from lab.cluster import Cluster
from lab.identity import Identity
from lab.metrics import parse
from lab.waiting import until


@pytest.fixture
def identity(tmp_path):
    made = Identity(tmp_path / "identity")
    (made.root / "run").symlink_to("/run")  # the daemon's socket is the host's
    return made


@pytest.fixture
def cluster(programs, identity):
    made = Cluster(programs, identity)
    yield made
    made.end()


def metric(host, name, **labels):
    return parse(host.run_inside("cat", "/run/pizwg/metrics/pizwg.prom").stdout).get((name, frozenset(labels.items())))


def await_metric(host, value, name, **labels):
    until(lambda: metric(host, name, **labels) == value, 20,
          f"{host.name}: {name} {labels} = {value}, but it is {metric(host, name, **labels)}")


def status(host):
    """For people; without the places where lines are broken."""
    return " ".join(host.pizwg("status", check=False).stdout.split())


def finds(host, grade, check, what):
    """Doctor has that finding."""
    said = host.doctor().stdout
    assert re.search(rf"^{grade} +{check} +{re.escape(what)}", said, re.MULTILINE), said


def is_told_everywhere(host, state, fault):
    """By its two words, of the lifecycle."""
    assert re.search(rf"state changed .*to={state} .*fault={fault}", host.log())
    await_metric(host, 1, "pizwg_fault", fault=fault)
    await_metric(host, 1, "pizwg_state", state=state)
    shown = host.pizwg("status", check=False)
    assert shown.returncode == 1
    assert f": {state}, {fault}, not fit\n" in shown.stdout
    assert f"is not fit: {state}, {fault}\n" in shown.stderr
    finds(host, "error", "daemon", f"this host is not fit: {state}, {fault}")


# --- the gateway and its hub


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


# --- daemon, keepalived, network


def test_of_a_daemon_that_does_not_run(cluster):
    host, = cluster.add_hosts(1)
    host.power_on()
    cluster.await_state(host, "ready")
    host.order("stop pizwgd.service")
    host.await_log("to=stopped")
    until(lambda: metric(host, "pizwg_state", state="stopped") == 1)
    until(lambda: "pizwgd is not running" in host.pizwg("status", check=False).stderr)
    finds(host, "error", "daemon", "pizwgd is not running on this host")


def test_of_a_keepalived_that_does_not_run(cluster):
    _, standby = cluster.start()
    standby.order("stop keepalived.service")
    await_metric(standby, 0, "pizwg_keepalived_running")
    standby.await_log("keepalived's VRRP process has ended")
    assert "keepalived does not run" in status(standby)
    assert metric(standby, "pizwg_fit") == 0
    finds(standby, "error", "keepalived", "keepalived does not run")


@pytest.mark.parametrize("lose", [lambda host: host.run_inside("ip", "address", "flush", "dev", "eth0"),
                                  lambda host: host.cable.pull()], ids=["address", "carrier"])
def test_of_a_host_without_a_network(cluster, lose):
    _, standby = cluster.start()
    lose(standby)
    standby.await_log("no network to be elected in")
    until(lambda: "no network to be elected in" in status(standby))
    finds(standby, "error", "vip", "no network to be elected in")
    until(lambda: metric(standby, "pizwg_cluster_info", vip="", interface="", address="", master="") == 1)


def test_of_two_masters(cluster):
    hosts = cluster.start()
    for host in hosts:
        host.cable.isolate(True)
    for host in hosts:
        await_metric(host, 1, "pizwg_master")
        assert "role master" in status(host)
        host.await_log("notice=master keepalived=alive vip=held")
        until(lambda: re.search("^warning +other-hosts +no other host is known to be fit", host.doctor().stdout,
                                re.MULTILINE), 30, "the other host is forgotten")


# --- the identity


def test_of_a_host_without_an_identity(cluster, identity):
    kept = identity.server_key.read_text()
    identity.server_key.unlink()
    host, = cluster.add_hosts(1)
    host.power_on()
    cluster.await_state(host, "unprovisioned")
    await_metric(host, 1, "pizwg_state", state="unprovisioned")
    assert "unprovisioned, not fit" in status(host)
    finds(host, "error", "daemon", "this host is not fit: unprovisioned")
    finds(host, "error", "identity", "the identity is not whole: ")
    identity.server_key.write_text(kept)
    cluster.await_state(host, "ready")


def test_of_an_identity_whose_key_is_not_its_certificates(cluster, identity, tmp_path):
    host, = cluster.add_hosts(1)
    host.power_on()
    cluster.await_state(host, "ready")
    identity.server_key.write_text(make_certificate(tmp_path, "pizwg-server").key.read_text())
    host.await_log("do not belong together")
    said = host.doctor().stdout
    assert re.search(r"^error +identity +the identity is not whole: (?s:.*)do not belong\s+together", said, re.MULTILINE), said


def test_of_a_certificate_that_has_expired(cluster, identity, tmp_path):
    identity.allow("late", make_certificate(tmp_path, "late", valid=EXPIRED))
    host, = cluster.add_hosts(1)
    host.power_on()
    cluster.await_state(host, "ready")
    host.run_inside("openssl", "s_client", "-connect", "127.0.0.1:3333", "-cert", identity.pem("late"), "-key",
                    identity.pem("late"), "-quiet", check=False, timeout=20, input="")
    host.await_log("reason=certificate-expired")
    await_metric(host, 1, "pizwg_connections_refused_total", reason="certificate-expired")
    assert "certificate-expired 1" in status(host)
    assert "the certificate of late has expired" in status(host)
    finds(host, "error", "certificates", "expired: late until 2021-01-01")


# --- what the operator orders


def test_of_a_handover(cluster):
    master, standby = cluster.start()
    until(lambda: re.search(rf"other hosts {master.name} is serving, fit", status(standby)))
    master.pizwg("handover")
    until(lambda: metric(master, "pizwg_last_role_change_timestamp_seconds", to="standby", reason="handover-ordered"))
    await_metric(standby, 1, "pizwg_failovers_total")
    assert re.search(r"failover became master .* the last failover to it took \d\.\d s", status(standby))


def test_of_maintenance(cluster):
    _, standby = cluster.start()
    standby.pizwg("maintenance", "on")
    standby.await_log("to=maintenance")
    await_metric(standby, 1, "pizwg_maintenance")
    assert ": maintenance, not fit" in status(standby)
    finds(standby, "warning", "daemon", "this host is not fit: maintenance")
