"""The master loses its mains. Nobody says goodbye."""


def test_the_standby_takes_over_and_the_lost_host_comes_back_as_standby(cluster):
    master, standby = cluster.start()
    with cluster.fault("master loses power") as fault:
        master.lose_power()
        fault.served_by(standby)
    master.power_on()
    cluster.await_state(master, "standby")


def test_of_three_hosts_one_takes_over(cluster):
    master, *others = cluster.start(3)
    with cluster.fault("master of three loses power") as fault:
        master.lose_power()
        fault.served_by(max(others, key=lambda host: host.number))
