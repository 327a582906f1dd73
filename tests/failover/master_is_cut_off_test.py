"""The network between the master and everybody else is a black hole for a while; every carrier stays. Each side has a
master, and with energise = "master" a gateway with power. With "client" only one that has a client keeps its power, so
the time with two is that until a dead client is found."""

import pytest

BOUND = 7.0  # a dead client is found after 4 s, and not everything happens at once


@pytest.mark.parametrize("energise", ["master", "client"])
def test_the_standby_takes_over_and_one_is_left_when_the_network_is_whole(cluster, energise):
    master, standby = cluster.start(energise=energise)
    with cluster.fault(f"master black-holed, energise={energise}", overlap=True) as fault:
        master.cable.black_hole(True)
        fault.served_by(standby)
        cluster.let_pass(cluster.true_or_short(18, 8))
        master.cable.black_hole(False)
        cluster.settle()
    assert energise == "master" or fault.overlap < BOUND
