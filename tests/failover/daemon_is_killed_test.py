"""pizwgd is killed. What turns the hub off then is systemd's ExecStopPost=."""

import signal


def test_on_the_master(cluster):
    master, standby = cluster.start()
    with cluster.fault("pizwgd killed") as fault:
        master.signal("pizwgd", signal.SIGKILL)
        fault.served_by(standby)
    assert cluster.settle() == [standby, master]


def test_on_the_standby_the_client_loses_nothing(cluster):
    master, standby = cluster.start()
    with cluster.fault("pizwgd killed on the standby") as fault:
        mark = standby.mark()
        standby.signal("pizwgd", signal.SIGKILL)
        standby.await_log("to=standby", mark)
        fault.undisturbed()
    assert cluster.settle() == [master, standby]
