"""The network between the hosts is cut, and the client sees both of them: both are master, and both tell the client's
machine every second that the VIP is theirs. It goes to and fro, and a host that it has left takes 4 s to find that out:
here energise = "client" does not help."""

import pytest


@pytest.mark.parametrize("energise", ["master", "client"])
def test_one_is_left_when_the_network_is_whole(cluster, energise):
    hosts = cluster.start(energise=energise)
    with cluster.fault(f"hosts apart, energise={energise}", overlap=True):
        for host in hosts:
            host.cable.isolate(True)
        cluster.let_pass(cluster.true_or_short(20, 8))
        for host in hosts:
            host.cable.isolate(False)
        cluster.settle()
    assert sum(host.holds_vip() for host in hosts) == 1
