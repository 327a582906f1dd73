"""One run of the outage table: the real Z-Wave JS driver on a client's machine, whose uplink goes away and comes back.

Run as a program, in the namespaces that tests/isolated makes: outages.py PLACE UPLINK RECORD [SHORT]. Each figure is a JSON
line in RECORD.
"""

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "tests")]

from lab.driver import SWITCH, Driver  # noqa: E402
from lab.identity import CLIENT  # noqa: E402
from lab.program import Programs  # noqa: E402
from lab.uplink import pizwg_connect, socat  # noqa: E402
from lab.waiting import until  # noqa: E402
from outage_places import OneHost, TwoHosts  # noqa: E402

PLACES = {"one": OneHost, "two": TwoHosts}
UPLINKS = {"hold": pizwg_connect("--on-outage", "hold"), "hangup": pizwg_connect("--on-outage", "hangup"),
           "hangup-after": pizwg_connect("--hangup-after", "5"), "socat": socat}
LENGTHS = (0.5, 1, 2, 5, 10, 30)  # seconds
TAKES_OVER = 2  # seconds after which the driver, if idle, asks again when another host is to take over
# How a command is made to take a while at one of its steps (docs/simulator.md), and how far it has come then, in seconds. The
# stick acknowledges it and takes it; its callback says that the node has acknowledged it; the node reports.
MOMENTS = {"idle": None, "before its acknowledgement": ("slow 300", 0.15), "before its callback": ("radio 300", 0.15),
           "before its report": ("radio 300", 0.45)}
PAUSE = 0.1  # seconds from a command that failed to the next
NEVER = 90.0  # seconds; who has not recovered by then never does
COMMAND_LIMIT = 60.0  # the driver's own limits end a command well before


@dataclass(frozen=True)
class Outage:
    how: str  # the place's word
    seconds: float
    moment: str  # at which it begins


def outages_of(place):
    """Where there is no room for all of a command's moments it is the worst one."""
    worst = ("idle", "before its callback")
    if place == "two":
        return [Outage(how, TAKES_OVER, moment) for how in ("power", "handover") for moment in worst]
    moments = [("host", moment) for moment in MOMENTS] + [("network", moment) for moment in worst]
    return [Outage(how, seconds, moment) for how, moment in moments for seconds in LENGTHS]


class Application:
    """The driver, and whoever starts it anew when it has given up."""

    def __init__(self, programs, prefix, tty):
        self._programs, self._prefix, self._tty = programs, prefix, tty
        self.starts = 0
        self._openings = 0  # of the drivers before this one
        self.driver = None
        self.start()

    def start(self):
        """As a service manager does: over and over, until the driver finds its stick."""
        self._openings = self.openings()
        until(self._started, NEVER, "a driver that starts")

    def _started(self):
        if not self._tty.exists():
            return False
        self.starts += 1
        name = f"driver-{self.starts}"
        try:
            self.driver = Driver(self._programs, self._tty, self._programs.folder / name, self._prefix, name)
        except AssertionError:
            return False
        return True

    def openings(self):
        return self._openings + (self.driver.openings() if self.driver else 0)

    def begin(self):
        """Gives the driver a command; where its answer will be."""
        mark = len(self.driver.program.log())
        self.driver.tell(f"read {SWITCH}")
        return mark

    def succeeded(self, mark):
        """The time when that command did; None when it failed, or the driver with it."""
        try:
            said = self.driver.program.wait_for(r'^{"answer":.*}$', COMMAND_LIMIT, mark)
        except AssertionError:
            if self.driver.program.process.poll() is None:
                raise
            return None
        answer = json.loads(said[0])
        return None if "failed" in answer else answer["at"]

    def asked_again(self):
        """The same of another command, for which the driver is started anew if need be."""
        if self.driver.program.process.poll() is not None:
            self.start()
        return self.succeeded(self.begin())


def begin_command(place, application, delay, seconds):
    """A command that has come so far."""
    place.tell_stick(delay)
    mark = application.begin()
    time.sleep(seconds)
    return mark


def settle(place, application):
    """Whatever was before is over: commands succeed one after the other."""
    place.restore()
    until(lambda: all(application.asked_again() for _ in range(3)), NEVER, "a driver that is well")
    time.sleep(1)  # nothing of the last outage is left to happen in this one


def measure(place, application, outage):
    """What the driver made of one outage. It is asked again only when the uplink is back."""
    starts, openings = application.starts, application.openings()
    moment = MOMENTS[outage.moment]
    mark = begin_command(place, application, *moment) if moment else None
    begun, failed = time.monotonic(), 0
    place.cut(outage.how)
    for usual in ("slow 0", "radio 0"):
        place.tell_stick(usual)
    time.sleep(max(0.0, begun + outage.seconds - time.monotonic()))  # the fault itself
    mended = place.mend(outage.how)
    succeeded = application.succeeded(mark) if mark else application.asked_again()
    while not succeeded and time.monotonic() - mended < NEVER:
        failed += 1
        time.sleep(PAUSE)
        succeeded = application.asked_again()
    return {"lost": failed > 0, "starts": application.starts - starts, "openings": application.openings() - openings,
            "recovered_s": round(max(0.0, succeeded - mended), 3) if succeeded else None}


def measure_all(name, uplink, record, short):
    programs = Programs(Path(record).parent)
    try:
        place = PLACES[name](programs)
        tty = programs.folder / "tty"
        started = UPLINKS[uplink](programs, place.prefix, place.identity, CLIENT, place.server, tty)
        started.wait_for(UPLINKS[uplink].connected, NEVER)
        application = Application(programs, place.prefix, tty)
        for outage in outages_of(name)[:1] if short else outages_of(name):
            settle(place, application)
            line = json.dumps({"uplink": uplink} | asdict(outage) | measure(place, application, outage))
            print(line, flush=True)
            with open(record, "a", encoding="utf-8") as records:
                records.write(line + "\n")
    finally:
        programs.end_all()


if __name__ == "__main__":
    measure_all(*sys.argv[1:4], short=len(sys.argv) > 4)
