"""The application is the real Z-Wave JS driver behind pizwg-connect: whatever happens to hosts and gateways, it is never
started again, never opens its port again, and its commands succeed afterwards. The hosts' sticks are clones: one home id."""

import pytest

from lab.driver import SWITCH
from lab.driving_client import DrivingClient
from lab.waiting import until


@pytest.fixture
def client_kind():
    return DrivingClient


def assert_driver_lives_on(cluster):
    cluster.client.await_answers()
    cluster.client.driver.assert_switch_works()
    assert cluster.client.reopened() == 0, "the driver had to open its port again"
    assert len(cluster.client.driver.told("driver ready")) == 1, "the driver had to start anew"


def test_through_a_power_loss_a_handover_a_soft_reset_and_a_reboot(cluster):
    master, standby = cluster.start()
    with cluster.fault("master loses power, zwave-js"):
        master.lose_power()
        cluster.await_state(standby, "serving")
        assert_driver_lives_on(cluster)
    master.power_on()
    cluster.settle()
    with cluster.fault("handover, zwave-js"):
        until(lambda: standby.pizwg("handover", check=False).returncode == 0, what="a handover")
        cluster.await_state(master, "serving")
        assert_driver_lives_on(cluster)
    with cluster.fault("soft reset with re-enumeration, zwave-js"):
        cluster.client.driver.ask("reset", timeout=30)
        assert_driver_lives_on(cluster)
    assert "gateway left" in master.log()
    with cluster.fault("host reboots, zwave-js", overlap=True):
        master.order("reboot")
        cluster.await_state(standby, "serving")
        assert_driver_lives_on(cluster)
        assert cluster.settle() == [standby, master]


def test_a_command_whose_answer_is_lost_with_the_master_is_given_again(cluster):
    """The stick has taken it and does not come to say how it went: the driver would wait 30 s for that."""
    master, standby = cluster.start()
    driver = cluster.client.driver
    driver.ask("rest")
    master.hub.tell("radio 5000")
    taken = driver.log().count("was sent: true")
    driver.tell(f"read {SWITCH}")
    until(lambda: driver.log().count("was sent: true") > taken, what="a command that the stick has taken")
    with cluster.fault("master loses power in a command, zwave-js") as fault:
        master.lose_power()
        cluster.await_state(standby, "serving")
        answered = driver.program.wait_for('^{"answer":"read",.*"at":(.*)}$', 20)
        fault.outage = float(answered[1]) - fault.at
    assert "failed" not in answered[0]


def test_when_the_network_is_cut_and_the_host_starts_anew_after_the_session(cluster):
    """As the appliance does with a client that it has lost. The other host serves."""
    master, standby = cluster.start(after_session="soft-reboot", up_for=200)
    with cluster.fault("network cut, soft-reboot, zwave-js"):
        cluster.client.cable.black_hole(True)
        master.await_log("init: soft-reboot")
        cluster.client.cable.black_hole(False)
        cluster.await_state(standby, "serving")
        assert_driver_lives_on(cluster)
    cluster.settle()
