"""The gateway of the master leaves the USB, for longer than the grace."""


def test_while_serving_and_the_mended_host_is_there_when_it_is_needed(cluster):
    master, standby = cluster.start(gateway_grace_seconds=cluster.true_or_short(8, 3))
    with cluster.fault("gateway unplugged while serving") as fault:
        master.hub.tell("unplug")
        fault.served_by(standby)
    cluster.await_state(master, "faulty")
    # To prove the gateway now would put it on the air beside the other one.
    master.hub.tell("plug")
    with cluster.fault("the mended host is needed") as fault:
        standby.lose_power()
        fault.served_by(master)


def test_while_nobody_is_connected(cluster):
    master, standby = cluster.start(after_session="keep", gateway_grace_seconds=cluster.true_or_short(8, 3))
    cluster.client.kill()
    cluster.await_state(master, "ready")
    with cluster.fault("gateway unplugged while ready") as fault:
        master.hub.tell("unplug")
        cluster.await_state(standby, "ready")
        cluster.client.start()
        fault.served_by(standby)
