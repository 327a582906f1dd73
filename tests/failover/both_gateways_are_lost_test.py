"""Both hosts lose their gateways, one after the other, and one comes back."""


def test_its_host_serves(cluster):
    master, standby = cluster.start(gateway_grace_seconds=2, gateway_limit_seconds=2)
    with cluster.fault("both gateways lost, one comes back") as fault:
        for host in (master, standby):
            host.hub.tell("unplug")
        for host in (master, standby):
            cluster.await_state(host, "faulty")
        standby.hub.tell("plug")
        fault.served_by(standby, limit=60)
