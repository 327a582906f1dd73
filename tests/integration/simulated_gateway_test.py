"""pizwg-sim gateway: a stick that a driver can talk to, and the faults it is there for."""

import fcntl
import os
import signal
import subprocess
import termios
import threading
import time

import pytest

from lab.program import run
from lab.serial_api import ACK, CAN, NAK, SOF, SerialApi, Tty, frame
from lab.waiting import until

LIBRARY_TYPE, VERSION, SOFT_RESET, STARTED, BACKGROUND_RSSI = 0xBD, 0x15, 0x08, 0x0A, 0x3B


@pytest.fixture
def gateway(programs, tmp_path):
    """Starts a simulated gateway; it has its link when this returns. `gateway.link` is the path."""

    def start(*options, wait=True, **popen):
        link = tmp_path / "gateway"
        program = programs.start("pizwg-sim", "gateway", "--link", link, *options, **popen)
        program.link = link
        if wait:
            program.wait_for(rf"^ready link={link}$")
        return program

    return start


def told(gateway, line, answer):
    """Gives a command and waits for what the log says to it."""
    seen = len(gateway.log())
    gateway.tell(line)
    gateway.wait_for(answer, after=seen)


def hangs_up(line):
    """Reads until the line ends; fails when it does not."""
    def ended():
        try:
            line.read(0)
        except ConnectionError:
            return True
    return until(ended, 5, "the line to end")


def cpu_switches(pid):
    """How often the program has given up the processor: once a wake-up."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return sum(int(line.split()[1]) for line in status if "_ctxt_switches" in line)


# --- what a driver asks


def test_a_driver_s_first_questions_are_answered(gateway):
    with SerialApi(gateway("--home-id", "DEADBEEF", "--nodes", "1,2,17,232").link) as api:
        assert api.version() == "Z-Wave 7.18"
        assert api.home_id() == "deadbeef"
        assert api.own_node() == 1
        assert api.nodes() == [1, 2, 17, 232]
        assert api.functions() >= {0x02, 0x05, 0x07, 0x08, 0x09, 0x0B, 0x13, 0x15, 0x20, 0x3B, 0x41, 0x56, 0xBD}
        assert api.request(LIBRARY_TYPE) == b"\x01"
        assert len(api.request(BACKGROUND_RSSI)) == 3


def test_a_switch_is_set_and_read_back_and_an_absent_node_does_not_acknowledge(gateway):
    with SerialApi(gateway().link) as api:
        assert api.switch_is_on(2) is False
        assert api.set_switch(2, True)
        assert api.switch_is_on(2) is True
        assert api.switch_is_on(3) is False
        assert api.set_switch(99, True) is False


def test_a_pressed_switch_reports_itself(gateway):
    stick = gateway()
    with SerialApi(stick.link) as api:
        stick.wait_for("port opened")
        stick.tell("report 3 on")
        assert api.wait_for_report(3) is True
        assert api.switch_is_on(3) is True


def test_reports_come_by_themselves_when_asked_for(gateway):
    with SerialApi(gateway("--report-every", "0.1", "--nodes", "1,2,3").link) as api:
        reporters = {api.wait_for(0x04)[1] for _ in range(4)}
        assert reporters == {2, 3}


def test_an_unknown_function_is_acknowledged_and_not_answered(gateway):
    with SerialApi(gateway().link) as api:
        api.send(0xEE)
        assert api.is_silent_for(0.3)
        assert api.version()


# --- the rules of the line


def test_a_wrong_checksum_is_refused(gateway):
    with SerialApi(gateway().link) as api:
        bad = bytearray(frame(VERSION))
        bad[-1] ^= 0x01
        api.write(bad)
        assert api.read_unit() == bytes([NAK])
        assert api.version()


def test_half_a_frame_is_abandoned_after_1500_ms(gateway):
    with SerialApi(gateway().link) as api:
        api.write([SOF, 0x40, 0x00])
        assert api.is_silent_for(1.7)
        assert api.version()


def test_an_answer_is_repeated_until_it_is_acknowledged_three_times_at_most(gateway):
    with SerialApi(gateway().link) as api:
        api.write(frame(LIBRARY_TYPE))
        assert api.read_unit() == bytes([ACK])
        answer = api.read_unit()
        assert api.read_unit() == answer  # nobody acknowledged it within 1600 ms
        api.write([NAK])
        assert api.read_unit() == answer
        api.write([NAK])
        assert api.is_silent_for(0.3)


def test_a_request_is_cancelled_while_an_answer_waits_for_its_acknowledgement(gateway):
    with SerialApi(gateway().link) as api:
        api.write(frame(LIBRARY_TYPE))
        assert api.read_unit() == bytes([ACK])
        api.read_unit()
        api.write(frame(VERSION))
        assert api.read_unit() == bytes([CAN])
        api.write([ACK])
        assert api.version()


def test_a_soft_reset_takes_the_stick_off_the_bus_and_it_comes_back(gateway):
    stick = gateway()
    with SerialApi(stick.link) as api:
        assert api.set_switch(2, True)
        api.send(SOFT_RESET)
        hangs_up(api.line)
    stick.wait_for(f"soft reset\n.*unplugged link={stick.link}\n.*plugged in link={stick.link} tty=/dev/pts/")
    with SerialApi(stick.link) as api:
        assert api.wait_for(STARTED)
        assert api.switch_is_on(2) is True, "a soft reset changes nothing in the mesh"


def test_a_quiet_stick_says_nothing_when_it_has_started(gateway):
    stick = gateway("--quiet-start")
    with SerialApi(stick.link) as api:
        api.send(SOFT_RESET)
        hangs_up(api.line)
    stick.wait_for("(?s)unplugged.*plugged in link")
    with SerialApi(stick.link) as api:
        assert api.version()
        assert not api.unsolicited


# --- faults


def test_unplugging_hangs_up_and_plugging_in_brings_a_new_tty(gateway):
    stick = gateway()
    with SerialApi(stick.link) as api:
        stick.tell("unplug")
        hangs_up(api.line)
        assert not os.path.lexists(stick.link)
        told(stick, "plug", "plugged in")
    with SerialApi(stick.link) as api:
        assert api.version()


def test_a_start_delay_is_the_time_from_power_to_the_link(gateway):
    began = time.monotonic()
    stick = gateway("--start-delay", "0.4")
    assert time.monotonic() - began >= 0.4
    told(stick, "unplug", "unplugged")
    began = time.monotonic()
    told(stick, "plug", "plugged in")
    assert time.monotonic() - began >= 0.4


def test_a_silent_stick_reads_and_says_nothing(gateway):
    stick = gateway()
    with SerialApi(stick.link) as api:
        told(stick, "silence on", "silence=on")
        for _ in range(100):  # far more than all the buffers on the way hold
            api.line.write(bytes(4096))
        api.write(frame(VERSION))
        assert api.is_silent_for(0.3)
        told(stick, "silence off", "silence=off")
        assert api.version()


def test_a_stalled_stick_does_not_even_read(gateway):
    stick = gateway()
    with SerialApi(stick.link) as api:
        told(stick, "stall on", "stall=on")
        with pytest.raises(TimeoutError):
            api.line.write(bytes(1 << 20), timeout=0.5)
        told(stick, "stall off", "stall=off")
        api.line.write(bytes(1 << 16))  # it reads again
        assert api.version()


def test_unplugging_cures_a_hung_stick(gateway):
    stick = gateway()
    told(stick, "stall on", "stall=on")
    told(stick, "silence on", "silence=on")
    told(stick, "unplug", "unplugged")
    told(stick, "plug", "plugged in")
    with SerialApi(stick.link) as api:
        assert api.version()


def test_garbage_comes_in_the_length_asked_for(gateway):
    stick = gateway()
    with SerialApi(stick.link) as api:
        stick.wait_for("port opened")
        stick.tell("garbage 1000")
        assert len(set(api.read_exactly(1000))) > 100
        assert api.is_silent_for(0.2)
        assert api.version()


def test_a_slow_stick_waits_before_it_answers(gateway):
    stick = gateway()
    with SerialApi(stick.link) as api:
        told(stick, "slow 300", "slow_ms=300")
        began = time.monotonic()
        assert api.version()
        assert time.monotonic() - began >= 0.3


def test_an_unknown_command_is_an_error_with_a_suggestion_and_the_stick_goes_on(gateway):
    stick = gateway()
    told(stick, "unplgu", r'error: unknown command "unplgu"\npizwg-sim: hint: did you mean unplug')
    told(stick, "garbage 5000", "hint: give a whole number from 1 to 4096")
    told(stick, "x" * 5000, "error: unknown command")
    with SerialApi(stick.link) as api:
        assert api.version()


def test_quit_ends_it_and_help_lists_the_commands(gateway):
    stick = gateway()
    told(stick, "help", "^garbage N ")
    stick.tell("quit")
    assert stick.wait(5) == 0
    assert not os.path.lexists(stick.link)


# --- bytes, pace and limits


def echo(line, data):
    """Sends while it receives; what came back."""
    sender = threading.Thread(target=line.write, args=(data, 60.0))
    sender.start()
    got = bytearray()
    deadline = time.monotonic() + 60
    while len(got) < len(data):
        assert time.monotonic() < deadline, f"{len(got)} of {len(data)} bytes came back"
        got += line.read(1) or b""
    sender.join()
    return bytes(got)


def test_an_echo_returns_every_byte_in_order(gateway):
    data = os.urandom(1 << 20)
    line = Tty(gateway("--echo").link)
    assert echo(line, data) == data
    line.close()


def test_a_pace_of_115200_takes_its_time_and_keeps_every_byte(gateway):
    data = os.urandom(4096)
    line = Tty(gateway("--echo", "--pace", "115200").link)
    began = time.monotonic()
    assert echo(line, data) == data
    assert time.monotonic() - began > 0.2
    line.close()


def test_the_pace_can_be_changed_while_bytes_are_on_the_way(gateway):
    stick = gateway("--echo", "--pace", "1200")
    line = Tty(stick.link)
    data = os.urandom(4096)  # 34 s at 1200
    line.write(data)
    stick.tell("pace 0")
    got = bytearray()
    began = time.monotonic()
    while len(got) < len(data):
        assert time.monotonic() - began < 20
        got += line.read(1) or b""
    assert bytes(got) == data
    line.close()


def test_a_peer_that_never_reads_neither_blocks_nor_grows_it(gateway):
    stick = gateway("--echo")
    line = Tty(stick.link)
    with pytest.raises(TimeoutError):  # its buffers are full, and it reads no more
        line.write(bytes(8 << 20), timeout=2.0)
    with open(f"/proc/{stick.pid}/statm", encoding="ascii") as statm:
        before = int(statm.read().split()[1])
    with pytest.raises(TimeoutError):
        line.write(bytes(8 << 20), timeout=0.3)
    with open(f"/proc/{stick.pid}/statm", encoding="ascii") as statm:
        assert int(statm.read().split()[1]) - before < 64  # pages
    told(stick, "nonsense", "unknown command")  # it listens
    line.close()
    stick.wait_for("port closed")
    fresh = Tty(stick.link)
    assert fresh.read(0.5) is None, "the next reader finds nothing of the last one's"
    fresh.close()
    stick.signal(signal.SIGTERM)
    assert stick.wait(1) == 0


def test_the_next_one_to_open_the_port_finds_no_half_finished_talk(gateway):
    stick = gateway()
    with SerialApi(stick.link) as api:
        api.write(frame(VERSION))
        api.read_unit()
        fcntl.ioctl(api.line.fd, termios.TIOCEXCL)
    stick.wait_for("port closed")
    with SerialApi(stick.link) as api:
        exclusive = fcntl.ioctl(api.line.fd, 0x80045440, bytes(4))  # TIOCGEXCL
        assert exclusive == bytes(4)
        assert api.is_silent_for(1.8), "the last one's answer is not repeated to the next one"
        assert api.version()


def test_the_last_words_of_one_who_left_still_count(gateway):
    stick = gateway()
    line = Tty(stick.link)
    stick.wait_for("port opened")
    line.write(frame(0x13, [2, 3, 0x25, 0x01, 0xFF, 0x25, 0x07]))
    line.close()
    stick.wait_for("port closed")
    with SerialApi(stick.link) as api:
        assert api.switch_is_on(2) is True


def test_it_sleeps_while_nothing_happens(gateway):
    stick = gateway("--pace", "115200")
    with SerialApi(stick.link) as api:
        assert api.version()
        before = until(lambda: cpu_switches(stick.pid))
        assert api.is_silent_for(1.0)
        assert cpu_switches(stick.pid) - before <= 3  # the last acknowledgement's, at most


# --- start and end


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_within_a_second_and_removes_the_link(gateway, number):
    stick = gateway()
    with SerialApi(stick.link) as api:
        assert api.version()
        stick.signal(number)
        assert stick.wait(1) == 0
        hangs_up(api.line)
    assert not os.path.lexists(stick.link)


@pytest.mark.parametrize("stdin", ["/dev/null", "closed", "file"])
def test_it_goes_on_without_standard_input(gateway, tmp_path, stdin):
    if stdin == "closed":
        stick = gateway(stdin=None, preexec_fn=lambda: os.close(0))
    elif stdin == "file":
        (tmp_path / "faults").write_text("pace 115200\nslow 1\n")
        with open(tmp_path / "faults", encoding="ascii") as faults:
            stick = gateway(stdin=faults)
        stick.wait_for("slow_ms=1")
    else:
        stick = gateway(stdin=subprocess.DEVNULL)
    with SerialApi(stick.link) as api:
        assert api.version()
        before = cpu_switches(stick.pid)
        assert api.is_silent_for(0.5)
        assert cpu_switches(stick.pid) - before <= 3


def test_it_replaces_the_link_that_a_killed_one_left(gateway):
    first = gateway()
    first.signal(signal.SIGKILL)
    first.wait()
    assert first.link.is_symlink()
    with SerialApi(gateway().link) as api:
        assert api.version()


def test_it_refuses_a_path_that_is_taken(tmp_path):
    (tmp_path / "taken").write_text("precious")
    result = run("pizwg-sim", "gateway", "--link", tmp_path / "taken", check=False, timeout=10)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == (f'pizwg-sim: error: cannot make the link "{tmp_path}/taken": something else is in its '
                             "place\npizwg-sim: hint: choose another path, or remove what is there\n")
    assert (tmp_path / "taken").read_text() == "precious"


@pytest.mark.parametrize("arguments, error, hint", [
    ([], "no command", "see pizwg-sim --help"),
    (["gatway"], 'unknown command "gatway"', "did you mean gateway"),
    (["gateway"], "--link is required", "see pizwg-sim gateway --help"),
    (["gateway", "--link", "x", "--pcae", "1"], 'unknown option "--pcae"', "did you mean --pace"),
    (["gateway", "--link", "x", "--pace", "9600baud"], 'bad value "9600baud" for --pace',
     "give a whole number from 300 to 4000000, or 0 for no limit"),
])
def test_a_mistyped_command_line_is_a_usage_error(tmp_path, arguments, error, hint):
    result = run("pizwg-sim", *arguments, check=False, timeout=10, cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr == f"pizwg-sim: error: {error}\npizwg-sim: hint: {hint}\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [["--help"], ["gateway", "--help"]])
def test_help_goes_to_standard_output_and_fits_80_columns(arguments):
    result = run("pizwg-sim", *arguments)
    assert result.stderr == ""
    assert "gateway" in result.stdout
    assert [line for line in result.stdout.splitlines() if len(line) > 80] == []
