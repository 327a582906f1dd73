"""The network between hosts and clients: one Ethernet switch (a bridge in the scenario's namespace), its cables (veth
pairs), and what may happen to them."""

from lab.program import run

NETWORK = "192.168.77"


class Switch:
    def __init__(self):
        run("ip", "link", "add", "lan", "type", "bridge", "stp_state", "0", "forward_delay", "0", "mcast_snooping", "0")
        run("ip", "link", "set", "lan", "up")
        self._ports = set()

    def close(self):
        for port in self._ports:
            run("ip", "link", "del", port, check=False)
        run("ip", "link", "del", "lan")

    def connect(self, name, number, namespace):
        """A cable to the network namespace of a process; the far end is its eth0, with its address."""
        cable = Cable(name)
        run("ip", "link", "del", cable.port, check=False)  # of a machine that is gone
        self._ports.add(cable.port)
        run("ip", "link", "add", cable.port, "type", "veth", "peer", "name", "eth0", "address",
            f"02:00:00:00:00:{number:02x}", "netns", namespace)
        run("ip", "link", "set", cable.port, "master", "lan", "up")
        # As systemd's own sysctl.d sets it: an address that goes does not take the others of its subnet along.
        run("nsenter", "-t", namespace, "-n", "sysctl", "-qw", "net.ipv4.conf.eth0.promote_secondaries=1")
        commands = ["link set lo up", f"address add {NETWORK}.{number}/24 broadcast + dev eth0", "link set eth0 up",
                    f"route add default via {NETWORK}.1"]
        run("nsenter", "-t", namespace, "-n", "ip", "-batch", "-", input="\n".join(commands))
        return cable


class Cable:
    def __init__(self, name):
        self.port = f"lan-{name}"

    def pull(self):
        """Both ends lose their carrier."""
        run("ip", "link", "set", self.port, "down", check=False)  # of a machine that has ended there is none

    def plug(self):
        run("ip", "link", "set", self.port, "up")

    def black_hole(self, on):
        """The carrier stays, every packet is lost: the switch's port no longer forwards."""
        run("bridge", "link", "set", "dev", self.port, "state", "0" if on else "3")

    def isolate(self, on):
        """Isolated ports do not reach each other, and everybody else as before."""
        run("bridge", "link", "set", "dev", self.port, "isolated", "on" if on else "off")
