"""DHCP gives a host another address: it is elected under that from then on."""

from lab.waiting import until


def test_of_the_master(cluster):
    master, _ = cluster.start()
    with cluster.fault("address of the master changes") as fault:
        mark = master.mark()
        master.change_address(40)
        master.await_log("priority=40", mark)
        until(lambda: "priority 40" in master.run_inside("cat", "/run/keepalived/pizwg.conf", check=False).stdout,
              what="keepalived's new configuration")
        master.await_log("Reload complete", mark)
        fault.undisturbed()
    cluster.settle()


def test_of_the_standby_which_takes_over_afterwards(cluster):
    master, standby = cluster.start()
    with cluster.fault("address of the standby changes") as fault:
        mark = standby.mark()
        standby.change_address(41)
        standby.await_log("priority=41", mark)
        standby.await_log("Reload complete", mark)
        fault.undisturbed()
    with cluster.fault("master loses power after that") as fault:
        master.lose_power()
        fault.served_by(standby)
