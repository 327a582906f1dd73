"""A network that passes no multicast: the hosts know each other's addresses, and elect a master all the same."""

from lab.cluster import FIRST_HOST
from lab.switch import NETWORK

PEERS = [f"{NETWORK}.{FIRST_HOST + number}" for number in range(2)]


def test_the_standby_takes_over(cluster):
    master, standby = cluster.start(peers=PEERS)
    with cluster.fault("master loses power, unicast") as fault:
        master.lose_power()
        fault.served_by(standby)
    master.power_on()
    cluster.await_state(master, "standby")
