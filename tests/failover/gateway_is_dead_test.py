"""A gateway gets power and does not start."""


def test_on_the_elected_host_another_one_takes_over(cluster):
    master, *others = cluster.start(3, gateway_limit_seconds=cluster.true_or_short(10, 3))
    last, elected = sorted(others, key=lambda host: host.number)
    elected.hub.tell("dead on")
    with cluster.fault("gateway dead at power-on") as fault:
        master.lose_power()
        cluster.await_state(elected, "energising")
        fault.served_by(last)
    cluster.await_state(elected, "faulty")


def test_at_boot_its_host_is_never_master(cluster):
    dead, good = cluster.add_hosts(2, gateway_limit_seconds=3)
    dead.hub.tell("dead on")
    dead.power_on()
    cluster.await_state(dead, "faulty")
    cluster.client.start()
    good.power_on()
    cluster.await_state(good, "serving")
    assert "became-master" not in dead.log()
