"""A host's USB hub with the gateway on it (pizwg-sim hub), and what its log of power changes says. It is hardware: it
outlives what runs on the host, and has power as long as the host has."""

import math
import time


class SimulatedHub:
    """Without power at first."""

    def __init__(self, programs, folder, name, start_delay=1.0):
        self.link = folder / f"{name}-stick"
        self.socket = folder / f"{name}-hub.socket"
        self.power_log = PowerLog(folder / f"{name}-power.log")
        self._program = programs.start("pizwg-sim", "hub", "--link", self.link, "--socket", self.socket, "--power-log",
                                       self.power_log.path, "--start-delay", start_delay, name=f"hub-{name}")
        self._program.wait_for("ready socket=")
        self.tell("supply off")
        self._program.wait_for("gateway has no power")

    def tell(self, command):
        """A fault, or the host's mains: supply, unplug, dead, stuck, … (docs/simulator.md)."""
        self._program.tell(command)


class PowerLog:
    """Each change of the gateway's power, with the time: a line "<nanoseconds> on" or "… off"."""

    def __init__(self, path):
        self.path = path

    def intervals(self):
        """[(from, to)] in seconds; the last may have no end yet."""
        found, since = [], None
        for line in self.path.read_text().splitlines() if self.path.exists() else []:
            at, power = line.split()
            if power == "on" and since is None:
                since = int(at) / 1e9
            if power == "off" and since is not None:
                found.append((since, int(at) / 1e9))
                since = None
        return [*found, (since, math.inf)] if since is not None else found

    def is_on(self):
        return any(end == math.inf for _, end in self.intervals())


def seconds_with_two(power_logs, since, until=None):
    """How long two or more gateways had power at the same time."""
    until = time.monotonic() if until is None else until
    edges = []
    for log in power_logs:
        for begin, end in log.intervals():
            begin, end = max(begin, since), min(end, until)
            if begin < end:
                edges += [(begin, 1), (end, -1)]
    total, powered, last = 0.0, 0, since
    for at, change in sorted(edges):
        total += at - last if powered >= 2 else 0.0
        powered, last = powered + change, at
    return total
