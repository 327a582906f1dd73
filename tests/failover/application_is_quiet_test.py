"""An application that has nothing to say for half a minute is no reason for anything."""


def test_it_is_answered_in_the_same_session(cluster):
    quiet = cluster.true_or_short(31, 6)
    master, standby = cluster.start(after_session="keep")
    cluster.client.kill()
    with cluster.fault("application quiet for 31 s") as fault:
        cluster.client.start(pace=quiet)
        cluster.client.await_answers(2, fault.at, limit=quiet + 30)
        assert cluster.client.sessions_since(fault.mark) == 1
        fault.outage = 0.0
    assert master.state() == "serving"
    assert standby.state() == "standby"
