"""The client's machine is gone, and no packet says so."""

from lab.lasting_client import LastingClient


def test_another_client_is_turned_away_until_that_is_found_out(cluster):
    master, _ = cluster.start()
    spare = LastingClient(cluster, "spare", 201, client="spare")
    with cluster.fault("client vanishes, another connects") as fault:
        cluster.client.cable.black_hole(True)
        spare.start()
        fault.outage = spare.await_answers() - fault.at
    assert "reason=client-vanished" in master.log()


def test_the_same_client_gets_in_at_once_from_another_machine(cluster):
    master, _ = cluster.start()
    twin = LastingClient(cluster, "twin", 201)
    with cluster.fault("client vanishes, the same identity connects") as fault:
        cluster.client.cable.black_hole(True)
        twin.start()
        fault.outage = twin.await_answers() - fault.at
    assert "reason=superseded" in master.log()
