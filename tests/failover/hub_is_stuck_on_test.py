"""A hub that does not turn its port off, whatever it is told."""


def test_the_master_stays_master_rather_than_have_two_gateways_on_the_air(cluster):
    master, standby = cluster.start()
    master.hub.tell("stuck on")
    with cluster.fault("hub stuck on, client restarts") as fault:
        cluster.client.kill()
        cluster.client.start()
        fault.served_by(master)
    assert "fault=hub-stuck" in master.log()
    assert standby.state() == "standby"


def test_a_host_that_boots_with_it_is_never_master_until_it_is_mended(cluster):
    stuck, good = cluster.add_hosts(2)
    stuck.hub.tell("stuck on")
    stuck.power_on()
    cluster.await_state(stuck, "faulty")
    cluster.client.start()
    good.power_on()
    cluster.await_state(good, "serving")
    assert "became-master" not in stuck.log()
    stuck.hub.tell("stuck off")
    cluster.await_state(stuck, "standby", limit=60)
