"""A second fault, while the first one is being dealt with."""

import signal


def test_keepalived_and_pizwgd_are_killed_together(cluster):
    master, standby = cluster.start()
    with cluster.fault("pizwgd and keepalived killed") as fault:
        master.signal("keepalived", signal.SIGKILL)
        master.signal("pizwgd", signal.SIGKILL)
        fault.served_by(standby)
    assert cluster.settle() == [standby, master]


def test_the_successor_loses_power_while_its_gateway_starts(cluster):
    master, *others = cluster.start(3)
    last, elected = sorted(others, key=lambda host: host.number)
    with cluster.fault("master and successor lose power") as fault:
        master.lose_power()
        cluster.await_state(elected, "energising")
        elected.lose_power()
        fault.served_by(last)


def test_the_successors_pizwgd_is_killed_while_its_gateway_starts(cluster):
    """The former master is in maintenance, so there is no third."""
    master, standby = cluster.start()
    with cluster.fault("pizwgd of the successor killed") as fault:
        master.pizwg("maintenance", "on")
        cluster.await_state(standby, "energising")
        standby.signal("pizwgd", signal.SIGKILL)
        fault.served_by(standby)
