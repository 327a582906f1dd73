"""pizwgd on the master is stopped in its tracks: systemd's watchdog finds it after 5 s."""

import signal


def test_the_standby_takes_over(cluster):
    master, standby = cluster.start()
    with cluster.fault("pizwgd frozen") as fault:
        master.signal("pizwgd", signal.SIGSTOP)
        fault.served_by(standby)
    assert cluster.settle() == [standby, master]
