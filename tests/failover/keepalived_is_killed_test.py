"""keepalived on the master is killed: the VIP stays on the interface, and nobody is there to take it away."""

import signal


def test_with_all_its_processes(cluster):
    master, standby = cluster.start()
    with cluster.fault("keepalived killed") as fault:
        master.signal("keepalived", signal.SIGKILL)
        fault.served_by(standby)
    master.await_log("keepalived state=backup", master.log().index("main process ended"))
    assert cluster.settle() == [standby, master]
    assert not master.holds_vip()


def test_only_its_vrrp_process(cluster):
    master, _ = cluster.start()
    with cluster.fault("keepalived's VRRP process killed") as fault:
        master.signal_youngest("keepalived", signal.SIGKILL)
        fault.served_again()
        cluster.settle()
