"""A fault of the daemon, of keepalived or of the network, and an operator's order, have one word: in the log, in status (of
the host and of others), in doctor, in the metrics."""

import re

import pytest

from lab.told import await_metric, finds, metric, status
from lab.waiting import until


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
        finds(host, "warning", "other-hosts", "no other host is known to be fit")


def test_of_a_handover(cluster):
    master, standby = cluster.start()
    until(lambda: re.search(rf"other hosts {master.name} is serving, fit", status(standby)))
    until(lambda: master.pizwg("handover", check=False).returncode == 0, what="a handover")
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
