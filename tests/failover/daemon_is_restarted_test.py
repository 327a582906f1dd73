"""The operator restarts pizwgd on the master."""


def test_the_standby_takes_over(cluster):
    master, standby = cluster.start()
    with cluster.fault("pizwgd restarted") as fault:
        master.order("restart pizwgd.service")
        fault.served_by(standby)
    assert cluster.settle() == [standby, master]
