"""Gateways that cannot be switched off: every one of them has power all the time. Only the master's is opened."""


def test_the_standby_takes_over_and_opened_nothing_before(cluster):
    master, standby = cluster.start(hub="none")
    assert "gateway opened" not in standby.log()
    with cluster.fault("master loses power, hub none", overlap=True) as fault:
        master.lose_power()
        fault.served_by(standby)
    assert "gateway opened" in standby.log()
