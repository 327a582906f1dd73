"""Hosts get their mains, or boot: the firmware gives their gateways power long before anything of ours runs."""

import pytest


@pytest.mark.parametrize("count", [2, 3])
def test_all_at_once_one_serves_and_the_others_are_standby(cluster, count):
    cluster.add_hosts(count)
    cluster.boot_seconds = cluster.true_or_short(20, 3)
    with cluster.fault(f"cold start of {count} hosts", overlap=True) as fault:
        for host in cluster.hosts:
            host.power_on()
        cluster.client.start()
        served = cluster.client.await_answers(after=fault.at, limit=60)
        fault.outage = served - fault.at - cluster.boot_seconds
        cluster.settle()
    assert sum(host.holds_vip() for host in cluster.hosts) == 1


def test_the_standby_beside_the_master(cluster):
    master, standby = cluster.start()
    cluster.boot_seconds = cluster.true_or_short(20, 3)
    with cluster.fault("standby boots", overlap=True) as fault:
        standby.order("reboot")
        standby.await_log("init: reboot")
        cluster.await_state(standby, "standby", limit=60)
        fault.undisturbed()
    assert fault.overlap - cluster.boot_seconds < 3.0  # the rest is the firmware's
    assert cluster.settle() == [master, standby]
