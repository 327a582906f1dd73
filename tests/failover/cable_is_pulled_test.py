"""A host's network cable is pulled: it has no carrier any more."""


def test_the_masters_the_standby_takes_over_and_it_is_standby_when_its_cable_is_back(cluster):
    master, standby = cluster.start()
    with cluster.fault("cable pulled") as fault:
        master.cable.pull()
        fault.served_by(standby)
    mark = master.mark()
    master.cable.plug()
    master.await_log("keepalived state=backup", mark)
    assert cluster.settle() == [standby, master]


def test_the_standbys_the_client_loses_nothing(cluster):
    master, standby = cluster.start()
    with cluster.fault("cable of the standby pulled") as fault:
        standby.cable.pull()
        standby.await_log("keepalived state=fault")
        mark = standby.mark()
        standby.cable.plug()
        standby.await_log("keepalived state=backup", mark)
        fault.undisturbed()
    assert cluster.settle() == [master, standby]
