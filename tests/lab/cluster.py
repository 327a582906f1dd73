"""The failover laboratory: hosts with real keepalived and pizwgd, each with a hub and a gateway, a client, and one
switch between them. Everything is in the scenario's namespaces and ends with them."""

import os
import time

from lab.fault import Fault
from lab.lasting_client import LastingClient
from lab.machine import Machine
from lab.simulated_hub import SimulatedHub, seconds_with_two
from lab.switch import NETWORK, Switch
from lab.waiting import until

FIRST_HOST, CLIENT = 20, 200
# The bench takes the time that things take; the scenarios have no time for it.
TRUE_TIMES = os.environ.get("PIZWG_LAB_TRUE_TIMES") == "1"


class Cluster:
    def __init__(self, programs, identity, client=LastingClient):
        self.programs, self.identity, self.folder = programs, identity, programs.folder
        self.boot_seconds = 1.0  # from the firmware to the first process: 20 s on a Pi
        self.network, self.vip = NETWORK, f"{NETWORK}.254"
        self.switch = Switch()
        self.hosts = []
        self.client = client(self, "client", CLIENT)

    def add_hosts(self, count, start_delay=1.0, **settings):
        """Hosts "a", "b", …, switched off. Of several that are fit, the last has the highest priority."""
        for _ in range(count):
            name = "abcdef"[len(self.hosts)]
            hub = SimulatedHub(self.programs, self.folder, name, start_delay)
            self.hosts.append(Machine(self, name, FIRST_HOST + len(self.hosts), hub, settings))
        return self.hosts

    def start(self, count=2, up_for=0, **settings):
        """A cluster in its everyday state: one master that serves the client, the others standby. Returns
        (master, standby, …). `up_for`: so many seconds ago, its hosts think, they were booted."""
        self.add_hosts(count, **settings)
        for host in self.hosts:
            host.power_on(up_for)
        self.client.start()
        return self.settle()

    def settle(self, limit=60.0):
        """Waits until one serves and all others are standby; returns (master, standby, …)."""
        until(lambda: sum(host.state() in ("serving", "ready") for host in self.hosts) == 1 and
              sum(host.state() == "standby" for host in self.hosts) == len(self.hosts) - 1, limit,
              "one master, the others standby")
        self.client.settle(limit)
        return sorted(self.hosts, key=lambda host: host.state() == "standby")

    @staticmethod
    def true_or_short(true, short):
        """A length of time: of the bench, or of a scenario."""
        return true if TRUE_TIMES else short

    @staticmethod
    def let_pass(seconds):
        """What lasts that long is the fault itself; nothing is awaited."""
        time.sleep(seconds)

    def await_state(self, host, state, limit=30.0):
        host.await_(lambda: host.state() == state, f"state {state}", limit)

    def fault(self, name, overlap=False):
        return Fault(self, name, overlap)

    def seconds_with_two_energised(self, since, until=None):
        return seconds_with_two([host.hub.power_log for host in self.hosts], since, until)

    def end(self):
        for host in self.hosts:
            host.lose_power()
        self.switch.close()
