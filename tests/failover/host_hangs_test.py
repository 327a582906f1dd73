"""Nothing of ours runs on the master any more, as on a machine that has no memory left: its gateway stays on the air
until a watchdog ends that. Here it is systemd's; when the kernel itself hangs, it is the hardware's."""

import signal

WATCHDOG = 5.0


def test_the_standby_takes_over_and_the_watchdog_bounds_the_time_with_two_gateways(cluster):
    master, standby = cluster.start()
    with cluster.fault("pizwgd and keepalived frozen", overlap=True) as fault:
        master.signal("keepalived", signal.SIGSTOP)
        master.signal("pizwgd", signal.SIGSTOP)
        fault.served_by(standby)
        assert cluster.settle() == [standby, master]
    assert fault.overlap < WATCHDOG + 3.0
