"""keepalived on the master is stopped in its tracks, and nobody thaws it."""

import signal


def test_pizwgd_has_it_started_anew(cluster):
    master, standby = cluster.start()
    with cluster.fault("keepalived frozen") as fault:
        master.signal("keepalived", signal.SIGSTOP)
        fault.served_by(standby)
    master.await_log("keepalived state=backup", master.log().index("main process ended"))
    assert cluster.settle() == [standby, master]
