"""pizwg-sim's hub, as uhubctl's stand-in switches it: what is printed, what happens to the stick, and every fault."""

import os
import re
import signal
import subprocess
import time

import pytest

from lab.program import BIN
from lab.waiting import until


class Hub:
    def __init__(self, programs, folder, *options):
        self.stick, self.socket, self.log = folder / "stick", folder / "hub", folder / "power.log"
        self.uhubctl = folder / "uhubctl"
        self.uhubctl.symlink_to(BIN / "pizwg-sim")
        self.program = programs.start("pizwg-sim", "hub", "--link", self.stick, "--socket", self.socket, "--power-log",
                                      self.log, *options, name="hub")
        self.program.wait_for("ready socket=")

    def tell(self, line):
        """A fault; waited for."""
        mark = len(self.program.log())
        self.program.tell(line)
        self.program.wait_for(f"fault {line.split()[0]}", after=mark)

    def start(self, *words):
        return subprocess.Popen([self.uhubctl, *words], env=os.environ | {"PIZWG_SIM_HUB": str(self.socket)},
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def call(self, *words, status=0):
        """uhubctl's whole output."""
        with self.start(*words) as called:
            out, err = called.communicate(timeout=10)
        assert called.returncode == status, out + err
        assert not (err if status == 0 else out)
        return out + err

    def powers(self):
        return [line.split()[1] for line in self.log.read_text().splitlines()]


@pytest.fixture
def hub(programs, tmp_path):
    made = Hub(programs, tmp_path)
    until(made.stick.exists)
    return made


HUB_1_1 = "hub 1-1 [2109:3431 USB2.0 Hub, USB 2.10, 4 ports, ppps]"


def test_off_is_said_and_done(hub):
    assert hub.call("-l", "1-1", "-p", "1", "-a", "off") == (
        f"Current status for {HUB_1_1}\n  Port 1: 0103 power enable connect [0658:0200 simulated Z-Wave stick]\n"
        "Sent power off request\n"
        f"New status for {HUB_1_1}\n  Port 1: 0000 off\n")
    assert not hub.stick.exists()
    assert hub.powers() == ["on", "off"]


def test_on_brings_the_stick_back(hub):
    hub.call("--location", "1-1", "--action", "0")
    hub.call("--location", "1-1", "--action", "1")
    until(hub.stick.exists)
    assert hub.powers() == ["on", "off", "on"]


def test_another_port_is_another_port(hub):
    hub.call("-l", "1-1", "-p", "2", "-a", "off")
    assert hub.stick.exists()
    assert "  Port 2: 0000 off\n" in hub.call()


def test_a_ganged_hub_has_power_until_all_are_off_though_the_stick_is_not_seen(programs, tmp_path):
    hub = Hub(programs, tmp_path, "--ganged")
    until(hub.stick.exists)
    assert "Port 1: 0000 off" in hub.call("-l", "1-1", "-p", "1", "-a", "off")
    assert not hub.stick.exists()
    assert hub.powers() == ["on"]
    hub.call("-l", "1-1", "-a", "off")
    assert hub.powers() == ["on", "off"]


def test_the_firmware_may_leave_the_ports_off(programs, tmp_path):
    hub = Hub(programs, tmp_path, "--power", "off")
    assert "Port 1: 0000 off" in hub.call()
    assert not hub.powers()
    hub.call("-l", "1-1", "-a", "on")
    until(hub.stick.exists)


def test_a_cycle_is_off_and_on(hub):
    said = hub.call("-l", "1-1", "-p", "1", "-a", "cycle", "-d", "0.1")
    assert re.findall("Sent power (.*) request", said) == ["off", "on"]
    assert hub.powers() == ["on", "off", "on"]


def test_a_toggle_is_the_opposite(hub):
    assert "Sent power off request" in hub.call("-l", "1-1", "-p", "1", "-a", "toggle")
    assert "Sent power on request" in hub.call("-l", "1-1", "-p", "1", "-a", "toggle")
    assert hub.powers() == ["on", "off", "on"]


def test_a_hub_that_ends_has_no_power(hub):
    hub.program.end()
    assert hub.powers() == ["on", "off"]
    assert not hub.stick.exists() and not hub.socket.exists()


def test_a_file_in_the_socket_s_place_is_left_alone(programs, tmp_path):
    (tmp_path / "precious").write_text("kept")
    program = programs.start("pizwg-sim", "hub", "--link", tmp_path / "stick", "--socket", tmp_path / "precious")
    assert program.wait() == 1
    assert "something else is in the place of the socket" in program.log()
    assert (tmp_path / "precious").read_text() == "kept"


def test_without_a_hub_uhubctl_says_what_is_missing(tmp_path):
    (tmp_path / "uhubctl").symlink_to(BIN / "pizwg-sim")
    for hub, said in ((None, "PIZWG_SIM_HUB is not set"), (tmp_path / "none", "does not answer")):
        environment = {} if hub is None else {"PIZWG_SIM_HUB": str(hub)}
        result = subprocess.run([tmp_path / "uhubctl"], env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 1
        assert said in result.stderr


def test_another_hub_is_none(hub):
    assert hub.call("-l", "1-9", "-a", "off", status=1) == (
        "No compatible devices detected at location 1-9!\nRun with -h to get usage info.\n")


@pytest.mark.parametrize("words, complaint", [(["--colour"], "unrecognized option '--colour'"),
                                              (["surplus"], "Invalid command line syntax!"),
                                              (["-p", "3-1"], "Bad port spec 3-1")])
def test_a_wrong_command_line_is_refused(hub, words, complaint):
    assert complaint in hub.call(*words, status=1)


def test_a_stuck_hub_says_so_and_keeps_its_power(hub):
    hub.tell("stuck on")
    assert "New status" in hub.call("-l", "1-1", "-a", "off")
    assert "Port 1: 0103 power" in hub.call()
    assert hub.stick.exists()


def test_a_hub_that_lies_says_off_and_keeps_its_power(hub):
    hub.tell("lie on")
    hub.call("-l", "1-1", "-a", "off")
    assert "Port 1: 0000 off" in hub.call()
    assert hub.stick.exists()


def test_a_late_hub_switches_after_uhubctl_has_ended(hub):
    hub.tell("late 100")
    hub.call("-l", "1-1", "-a", "off")
    until(lambda: not hub.stick.exists())


def test_a_hub_that_lags_takes_its_time(hub):
    hub.tell("lag 300")
    before = time.monotonic()
    hub.call("-l", "1-1", "-a", "off")
    assert time.monotonic() - before >= 0.3


def state(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        return stat.read().rpartition(")")[2].split()[0]


def ignores(pid, number):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        mask = re.search(r"^SigIgn:\s+(\w+)$", status.read(), re.MULTILINE).group(1)
    return int(mask, 16) >> (number - 1) & 1 == 1


def test_a_hub_that_hangs_holds_uhubctl_whom_only_sigkill_ends(hub):
    hub.tell("hang on")
    with hub.start("-l", "1-1", "-a", "off") as called:
        until(lambda: ignores(called.pid, signal.SIGTERM))
        called.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            called.wait(0.2)
        called.kill()
    hub.tell("hang off")
    assert hub.stick.exists()
    hub.call("-l", "1-1", "-a", "off")
    assert not hub.stick.exists()


def test_a_call_that_is_killed_while_it_lags_has_no_effect_later(hub):
    hub.tell("lag 60000")
    with hub.start("-l", "1-1", "-a", "off") as called:
        until(lambda: state(called.pid) == "S")
        called.kill()
    hub.tell("lag 0")
    assert "Port 1: 0103 power" in hub.call()


def test_a_hub_that_denies_says_what_uhubctl_says(hub):
    hub.tell("deny on")
    assert hub.call("-l", "1-1", "-a", "off", status=1) == (
        "There were permission problems while accessing USB.\nFollow https://git.io/JIB2Z for a fix!\n"
        "No compatible devices detected at location 1-1!\nRun with -h to get usage info.\n")
    assert hub.stick.exists()


def test_the_mains_power_every_port_whatever_it_was_before(hub):
    hub.call("-l", "1-1", "-a", "off")
    hub.program.tell("supply off")
    until(lambda: "No compatible" in subprocess.run(
        [hub.uhubctl], env=os.environ | {"PIZWG_SIM_HUB": str(hub.socket)}, capture_output=True, text=True,
        check=False).stderr)
    hub.program.tell("supply on")
    until(hub.stick.exists)
    assert hub.powers() == ["on", "off", "on"]


def test_a_stick_that_is_pulled_out_has_no_power_and_one_that_is_dead_has(hub):
    hub.program.tell("unplug")
    until(lambda: hub.powers() == ["on", "off"])
    hub.tell("dead on")
    hub.program.tell("plug")
    until(lambda: hub.powers() == ["on", "off", "on"])
    assert not hub.stick.exists()
    hub.tell("dead off")
    until(hub.stick.exists)
