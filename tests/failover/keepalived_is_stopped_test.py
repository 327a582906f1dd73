"""The operator stops keepalived on the master, and starts it again."""


def test_the_hub_is_dark_before_the_vip_goes(cluster):
    master, standby = cluster.start()
    with cluster.fault("keepalived stopped") as fault:
        master.order("stop keepalived.service")
        fault.served_by(standby)
    mark = master.mark()
    master.order("start keepalived.service")
    master.await_log("keepalived state=backup", mark)
    assert cluster.settle() == [standby, master]
