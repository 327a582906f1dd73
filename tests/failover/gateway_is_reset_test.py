"""The gateway of the master leaves the USB for a moment, as a stick does that is reset."""


def test_the_session_lives_on(cluster):
    master, standby = cluster.start()
    with cluster.fault("gateway gone for a moment") as fault:
        master.hub.tell("unplug")
        master.await_log("gateway left")
        master.hub.tell("plug")
        fault.undisturbed()
    assert cluster.settle() == [master, standby]
