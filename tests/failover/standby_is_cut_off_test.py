"""The network between the standby and everybody else is a black hole for a while. The client's master goes on serving.
With energise = "client" the other one, whom no client can reach, gives its gateway no power."""

import pytest


@pytest.mark.parametrize("energise", ["master", "client"])
def test_the_client_notices_little_or_nothing(cluster, energise):
    _, standby = cluster.start(energise=energise)
    with cluster.fault(f"standby cut off, energise={energise}", overlap=True) as fault:
        standby.cable.black_hole(True)
        cluster.let_pass(cluster.true_or_short(20, 8))
        fault.undisturbed()
        while_apart = cluster.seconds_with_two_energised(fault.at)
        standby.cable.black_hole(False)
        cluster.settle()
    assert energise == "master" or while_apart == 0.0
    # When both see each other again, the loser may still have its session when the client comes to the winner.
    assert fault.overlap - while_apart < 1.0
