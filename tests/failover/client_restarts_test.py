"""The client ends, its kernel says goodbye, and it connects anew. After a session the master hands over
(after_session = "release")."""


def test_the_other_host_serves_it(cluster):
    master, standby = cluster.start()
    with cluster.fault("client restarts") as fault:
        cluster.client.kill()
        cluster.client.start()
        fault.served_by(standby)
    assert cluster.settle() == [standby, master]
