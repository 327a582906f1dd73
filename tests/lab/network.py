"""A client's machine: a network namespace of its own, reached through a router that can stop forwarding.

A cut takes away every packet and tells nobody: no FIN, no reset, no ICMP, no carrier that goes.
"""

import contextlib
import ctypes
import os

from lab.program import run
from lab.waiting import until

SERVER_ADDRESS = "10.77.1.1"
CLIENT_ADDRESS = "10.77.2.1"
_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


class FarClient:
    """This namespace -- router -- the client's namespace."""

    def __init__(self, programs):
        self.router = self._namespace(programs, "router")
        self.client = self._namespace(programs, "far-client")
        run("ip", "link", "add", "near", "type", "veth", "peer", "name", "near", "netns", self.router)
        self._in(self.router, "ip", "link", "add", "far", "type", "veth", "peer", "name", "far", "netns", self.client)
        run("ip", "address", "add", f"{SERVER_ADDRESS}/24", "dev", "near")
        run("ip", "link", "set", "near", "up")
        for command in ("ip address add 10.77.1.2/24 dev near", "ip address add 10.77.2.2/24 dev far",
                        "ip link set near up", "ip link set far up"):
            self._in(self.router, *command.split())
        for command in (f"ip address add {CLIENT_ADDRESS}/24 dev far", "ip link set far up", "ip link set lo up",
                        "ip route add default via 10.77.2.2"):
            self._in(self.client, *command.split())
        run("ip", "route", "add", "10.77.2.0/24", "via", "10.77.1.2")
        self.mend()

    def close(self):
        run("ip", "link", "del", "near")

    def cut(self):
        self._forward(0)

    def mend(self):
        self._forward(1)

    def command(self, *arguments):
        """What runs a command on the client's machine."""
        return ["nsenter", "-t", str(self.client), "-n", *arguments]

    @contextlib.contextmanager
    def inside(self):
        """Sockets that are made in here are the client's."""
        home = os.open("/proc/self/ns/net", os.O_RDONLY)
        away = os.open(f"/proc/{self.client}/ns/net", os.O_RDONLY)
        try:
            _enter(away)
            yield
        finally:
            _enter(home)
            os.close(home)
            os.close(away)

    def _forward(self, on):
        self._in(self.router, "sysctl", "-q", "-w", f"net.ipv4.ip_forward={on}")

    @staticmethod
    def _in(namespace, *command):
        run("nsenter", "-t", str(namespace), "-n", *command)

    @staticmethod
    def _namespace(programs, name):
        """The id of a process in a new network namespace."""
        holder = programs.start("unshare", "--net", "sleep", "infinity", name=name)
        ours = os.readlink("/proc/self/ns/net")
        until(lambda: os.readlink(f"/proc/{holder.pid}/ns/net") != ours, what=f"the namespace of {name}")
        return holder.pid


def _enter(namespace):
    if _libc.setns(namespace, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
