"""The client is pizwg-connect, and the application has its serial port open all the time: whatever happens to the hosts, it
never has to open it again."""

import signal

import pytest

from lab.connected_client import ConnectedClient
from lab.waiting import until

FAULTS = {
    "master loses power": lambda master: master.lose_power(),
    "cable pulled": lambda master: master.cable.pull(),
    "pizwgd killed": lambda master: master.signal("pizwgd", signal.SIGKILL),
    "keepalived killed": lambda master: master.signal("keepalived", signal.SIGKILL),
    "keepalived frozen": lambda master: master.signal("keepalived", signal.SIGSTOP),
    "handover": lambda master: until(lambda: master.pizwg("handover", check=False).returncode == 0, what="a handover"),
}


@pytest.fixture
def cluster(cluster):
    cluster.client = ConnectedClient(cluster, "application", 201)
    return cluster


@pytest.mark.parametrize("name", FAULTS)
def test_when_the_other_host_takes_over(cluster, name):
    master, standby = cluster.start()
    with cluster.fault(f"{name}, pizwg-connect") as fault:
        FAULTS[name](master)
        cluster.await_state(standby, "serving")
        cluster.client.await_answers()
    assert fault.outage > 0.0, "nothing happened"
    assert cluster.client.openings() == 1


def test_when_the_gateway_resets_itself(cluster):
    master, _ = cluster.start()
    with cluster.fault("gateway resets, pizwg-connect"):
        for command in ("unplug", "plug"):
            master.hub.tell(command)
        cluster.client.await_answers()
    assert cluster.client.openings() == 1
