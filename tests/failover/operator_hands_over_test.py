"""The operator has the other host take over."""

from lab.waiting import until


def test_the_other_host_serves_and_the_operator_is_told(cluster):
    master, standby = cluster.start()
    with cluster.fault("handover") as fault:
        # Refused, and nothing happens, until the hosts have found each other.
        until(lambda: master.pizwg("handover", check=False).returncode == 0, what="a handover")
        fault.served_by(standby)
    assert cluster.settle() == [standby, master]


def test_it_is_refused_when_nobody_can_take_over(cluster):
    (master,) = cluster.start(1)
    with cluster.fault("handover to nobody") as fault:
        refused = master.pizwg("handover", check=False)
        fault.undisturbed()
    assert refused.returncode == 1
    assert "no other host" in refused.stderr


def test_maintenance_of_the_master(cluster):
    master, standby = cluster.start()
    with cluster.fault("maintenance") as fault:
        master.pizwg("maintenance", "on")
        fault.served_by(standby)
    assert master.state() == "maintenance"
    assert not master.hub.power_log.is_on()
    master.pizwg("maintenance", "off")
    assert cluster.settle() == [standby, master]
