"""A hub that does not turn its port off: it ignores what it is told, says that it did, is not to be reached, or is not
ours to switch."""

import pytest


@pytest.mark.parametrize("trouble", ["stuck on", "lie on", "hang on", "deny on"])
def test_the_master_stays_master_rather_than_have_two_gateways_on_the_air(cluster, trouble):
    master, standby = cluster.start()
    master.hub.tell(trouble)
    with cluster.fault(f"hub {trouble}, client restarts") as fault:
        cluster.client.kill()
        cluster.client.start()
        fault.served_by(master)
    assert "fault=hub-stuck" in master.log()
    assert standby.state() == "standby"


def test_a_host_that_boots_with_it_is_never_master_until_it_is_mended(cluster):
    stuck, good = cluster.add_hosts(2)
    stuck.hub.tell("stuck on")
    stuck.power_on()
    cluster.await_state(stuck, "faulty")
    cluster.client.start()
    good.power_on()
    cluster.await_state(good, "serving")
    assert "became-master" not in stuck.log()
    stuck.hub.tell("stuck off")
    cluster.await_state(stuck, "standby", limit=60)
