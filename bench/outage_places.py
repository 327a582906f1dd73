"""Where the outages of bench/outages.py happen: one host that a client reaches through a router, or two hosts whose sticks
are clones. Each can cut a client off, in ways of its own, and mend what it did."""

import time

from lab.chain import Daemon
from lab.cluster import Cluster
from lab.identity import Identity
from lab.lasting_client import LastingClient
from lab.network import SERVER_ADDRESS, FarClient
from lab.waiting import until


class OneHost:
    """Cuts: "host" kills the server, which starts anew; "network" loses every packet."""

    def __init__(self, programs):
        self._programs = programs
        self.identity = Identity(programs.folder / "identity")
        self.server = SERVER_ADDRESS
        self._network = FarClient(programs)
        self.prefix = self._network.command()
        self._link = programs.folder / "stick"
        self._stick = programs.start("pizwg-sim", "gateway", "--link", self._link, name="stick")
        self._stick.wait_for("ready link=")
        self._start_daemon()

    def _start_daemon(self):
        self._daemon = Daemon(self._programs, self.identity, self._link, listen_address=SERVER_ADDRESS, port=3333)

    def tell_stick(self, command):
        self._stick.tell(command)

    def cut(self, how):
        if how == "network":
            self._network.cut()
        else:
            self._daemon.program.signal(9)
            self._daemon.program.wait()

    def mend(self, how):
        """The time from which on nothing is in the way."""
        if how == "network":
            self._network.mend()
        else:
            self._start_daemon()
        return time.monotonic()

    def restore(self):
        pass


class Quiet(LastingClient):
    """A client's machine on which nobody asks for anything by himself."""

    def settle(self, _limit):
        pass

    def start(self, *_arguments, **_options):
        pass

    def command(self):
        return self._inside()


class TwoHosts:
    """Cuts: "power" takes the master's mains away, "handover" is the operator's order. Nothing is to be mended: the other
    host takes over, and the time counts from the cut."""

    def __init__(self, programs):
        self.identity = Identity(programs.folder / "identity")
        self._cluster = Cluster(programs, self.identity, Quiet)
        self.prefix, self.server = self._cluster.client.command(), self._cluster.vip
        self._master, self._standby = self._cluster.start()

    def tell_stick(self, command):
        """Each of them, as who is asked may change."""
        for host in self._cluster.hosts:
            host.hub.tell(command)

    def cut(self, how):
        self._at = time.monotonic()
        if how == "power":
            self._master.lose_power()
        else:
            until(lambda: self._master.pizwg("handover", check=False).returncode == 0, what="a handover")

    def mend(self, _how):
        return self._at

    def restore(self):
        if not self._master.is_up():
            self._master.power_on()
        self._master, self._standby = self._cluster.settle()

    def end(self):
        self._cluster.end()
