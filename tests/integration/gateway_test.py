"""The gateway's side: absent, in use, not a gateway at all, unplugged and back."""

import fcntl
import os
import signal
import sys
import termios
import threading

import pytest

from lab.chain import Daemon
from lab.identity import CLIENT
from lab.program import run
from lab.pty_gateway import PtyGateway
from lab.serial_api import SerialApi
from lab.tls_client import is_closed, read_exactly, read_to_end, tcp_connect
from lab.waiting import until


def says_and_hears(gateway, connection):
    connection.sendall(b"ping")
    assert gateway.hear_exactly(4) == b"ping"
    gateway.say(b"pong")
    assert read_exactly(connection, 4) == b"pong"


def nobody_listens(port=3333):
    try:
        tcp_connect(port).close()
    except ConnectionRefusedError:
        return True
    return False


# --- at the start


def test_without_a_gateway_it_does_not_listen_until_one_is_plugged_in(programs, identity, tmp_path):
    daemon = Daemon(programs, identity, tmp_path / "stick", listening=False)
    daemon.wait_for('warning: no gateway: cannot open the gateway ".*/stick": No such file or directory')
    assert nobody_listens()
    gateway = PtyGateway(tmp_path / "stick")
    daemon.wait_until_listening()
    with daemon.connect() as connection:
        says_and_hears(gateway, connection)
    gateway.close()


def test_a_trouble_that_lasts_is_said_once(programs, identity, tmp_path):
    daemon = Daemon(programs, identity, tmp_path / "stick", listening=False)
    daemon.wait_for("no gateway: ")
    (tmp_path / "stick").write_text("")  # another trouble: that is said, too
    daemon.wait_for('no gateway: cannot open the gateway ".*/stick": not a serial device')
    assert daemon.program.log().count("no gateway: ") == 2


def test_a_regular_file_in_the_devices_place_is_no_gateway_and_stays_as_it_is(programs, identity, tmp_path):
    (tmp_path / "stick").write_text("precious")
    daemon = Daemon(programs, identity, tmp_path / "stick", listening=False)
    daemon.wait_for('no gateway: cannot open the gateway ".*/stick": not a serial device')
    assert nobody_listens()
    assert (tmp_path / "stick").read_text() == "precious"


def test_a_missing_device_is_never_created(programs, identity, tmp_path):
    daemon = Daemon(programs, identity, tmp_path / "stick", listening=False)
    daemon.wait_for("no gateway: ")
    assert not (tmp_path / "stick").exists()


@pytest.mark.parametrize("device", ["/", "/dev/null", "/dev/zero"])
def test_what_is_no_terminal_is_no_gateway(programs, identity, device):
    daemon = Daemon(programs, identity, device, listening=False)
    daemon.wait_for(f'no gateway: cannot open the gateway "{device}": (Is a directory|not a serial device)')
    assert nobody_listens()


def test_a_gateway_that_another_program_has_locked_is_awaited(programs, identity, gateway):
    other = os.open(gateway.link, os.O_RDWR | os.O_NOCTTY)
    fcntl.flock(other, fcntl.LOCK_EX)
    daemon = Daemon(programs, identity, gateway.link, listening=False)
    daemon.wait_for('no gateway: cannot open the gateway ".*": Device or resource busy')
    os.close(other)
    daemon.wait_until_listening()


def test_a_second_daemon_does_not_get_the_gateway(programs, daemon, identity, gateway):
    second = Daemon(programs, identity, gateway.link, listening=False, name="second", port=3334)
    second.wait_for("no gateway: .*Device or resource busy")
    with daemon.connect() as connection:
        says_and_hears(gateway, connection)
    daemon.program.end()
    second.wait_until_listening()


def test_the_gateway_is_locked_and_exclusive_while_the_daemon_has_it(daemon, gateway):
    with open(gateway.link, "rb", buffering=0) as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    # The exclusive mode does not bind who may administer the system.
    opened = run(*without_capability("sys_admin"), sys.executable, "-c", f"open({gateway.tty!r}, 'rb', 0)", check=False)
    assert "Device or resource busy" in opened.stderr


def without_capability(*names):
    """Starts a program that may do anything but that."""
    return ["setpriv", "--bounding-set", ",".join(f"-{name}" for name in names)]


def test_a_daemon_without_permission_says_what_is_missing(programs, identity, gateway):
    os.chmod(gateway.tty, 0)
    daemon = Daemon(programs, identity, gateway.link, listening=False,
                    prefix=without_capability("dac_override", "dac_read_search"))
    daemon.wait_for('no gateway: cannot open the gateway ".*": Permission denied')
    assert nobody_listens()
    os.chmod(gateway.tty, 0o600)
    daemon.wait_until_listening()


# --- the line


def line_of(gateway):
    observer = os.open(gateway.link, os.O_RDWR | os.O_NOCTTY)
    try:
        return termios.tcgetattr(observer)
    finally:
        os.close(observer)


@pytest.mark.parametrize("baud, constant", [(9600, termios.B9600), (115200, termios.B115200),
                                            (921600, termios.B921600)])
def test_the_line_is_raw_8n1_at_the_configured_speed_and_hanging_up_leaves_dtr_alone(programs, identity, gateway,
                                                                                    baud, constant):
    observer = os.open(gateway.link, os.O_RDWR | os.O_NOCTTY)
    before = termios.tcgetattr(observer)
    before[2] |= termios.HUPCL | termios.CSTOPB | termios.PARENB
    before[3] |= termios.ECHO | termios.ICANON | termios.ISIG
    termios.tcsetattr(observer, termios.TCSANOW, before)
    Daemon(programs, identity, gateway.link, baud=baud)
    iflag, oflag, cflag, lflag, ispeed, ospeed, _ = termios.tcgetattr(observer)
    os.close(observer)
    assert ispeed == ospeed == constant
    assert cflag & termios.CSIZE == termios.CS8
    assert not cflag & (termios.HUPCL | termios.CSTOPB | termios.PARENB | termios.CRTSCTS)
    assert cflag & termios.CLOCAL
    assert not lflag & (termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN)
    assert not iflag & (termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.ISTRIP)
    assert not oflag & termios.OPOST


def test_every_byte_passes_as_it_is_both_ways(daemon, gateway):
    every = bytes(range(256)) * 4
    with daemon.connect() as connection:
        connection.sendall(every)
        assert gateway.hear_exactly(len(every)) == every
        gateway.say(every)
        assert read_exactly(connection, len(every)) == every


def test_what_the_gateway_says_at_once_arrives_as_one_record(daemon, gateway):
    with daemon.connect() as connection:
        for size in (1, 48, 257, 1000):
            gateway.say(bytes(size))
            connection.settimeout(10)
            assert len(connection.recv(65536)) == size


# --- unplugged


def test_a_gateway_that_is_unplugged_while_idle_is_served_again_when_it_is_back(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link, gateway_grace_seconds=1)
    gateway.unplug()
    daemon.wait_for("notice: gateway left")
    daemon.wait_for("warning: gateway lost")
    daemon.wait_for("not listening")
    assert nobody_listens()
    mark = daemon.mark()
    gateway.plug()
    daemon.wait_until_listening(after=mark)
    with daemon.connect() as connection:
        says_and_hears(gateway, connection)


def test_a_session_survives_a_gateway_that_is_away_for_less_than_its_grace(daemon, gateway):
    with daemon.connect() as connection:
        says_and_hears(gateway, connection)
        gateway.unplug()
        daemon.wait_for("notice: gateway left")
        connection.sendall(b"said into the gap")
        mark = daemon.mark()
        gateway.plug()
        daemon.wait_for("gateway opened", after=mark)
        says_and_hears(gateway, connection)
        assert "session ended" not in daemon.program.log()


def test_a_client_may_connect_while_the_gateway_is_away_for_a_moment(daemon, gateway):
    gateway.unplug()
    daemon.wait_for("notice: gateway left")
    with daemon.connect() as connection:
        gateway.plug()
        daemon.wait_for("(?s)gateway left.*gateway opened")
        says_and_hears(gateway, connection)


def test_a_session_ends_when_the_gateway_stays_away_and_the_port_closes(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link, gateway_grace_seconds=1)
    with daemon.connect() as connection:
        says_and_hears(gateway, connection)
        gateway.unplug()
        daemon.wait_for_end("gateway-lost")
        assert read_to_end(connection) == b""
    until(nobody_listens)
    mark = daemon.mark()
    gateway.plug()
    daemon.wait_until_listening(after=mark)
    with daemon.connect("spare") as connection:
        says_and_hears(gateway, connection)


def test_no_grace_at_all_is_possible(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link, gateway_grace_seconds=0)
    with daemon.connect() as connection:
        gateway.unplug()
        daemon.wait_for_end("gateway-lost")
        assert read_to_end(connection) == b""


def test_a_gateway_that_is_unplugged_in_the_middle_of_a_transfer_leaves_the_session_whole(daemon, gateway):
    with daemon.connect() as connection:
        ending = threading.Event()

        def flood():
            while not ending.is_set():
                connection.sendall(bytes(1000))

        sender = threading.Thread(target=flood)
        sender.start()
        try:
            for _ in range(5):
                gateway.hear_exactly(20_000)
                mark = daemon.mark()
                gateway.unplug()
                daemon.wait_for("gateway left", after=mark)
                gateway.plug()
                daemon.wait_for("gateway opened", after=mark)
        finally:
            ending.set()
            while sender.is_alive() or gateway.hear(0.2):
                gateway.hear(0.05)
        says_and_hears(gateway, connection)
        assert not is_closed(connection)


def test_a_stick_that_re_enumerates_after_a_soft_reset_keeps_its_session(programs, identity, simulated_gateway):
    daemon = Daemon(programs, identity, simulated_gateway.link)
    with SerialApi(daemon.connect()) as api:
        home = api.home_id()
        mark = daemon.mark()
        api.send(0x08)  # soft reset: the stick leaves the bus for 0.35 s
        daemon.wait_for("gateway left", after=mark)
        daemon.wait_for("gateway opened", after=mark)
        api.wait_for(0x0A)  # "started"
        assert api.home_id() == home
        assert "session ended" not in daemon.program.log()


def test_bytes_for_the_old_gateway_do_not_reach_the_new_one(daemon, gateway):
    with daemon.connect() as connection:
        gateway.unplug()
        daemon.wait_for("gateway left")
        before = daemon.wakeups()
        connection.sendall(b"for the one that left")
        until(lambda: daemon.wakeups() > before)
        gateway.plug()
        daemon.wait_for("(?s)gateway left.*gateway opened")
        connection.sendall(b"for the new one")
        assert gateway.hear_exactly(15) == b"for the new one"


def test_a_silent_gateway_is_the_applications_business(programs, identity, simulated_gateway):
    daemon = Daemon(programs, identity, simulated_gateway.link)
    with SerialApi(daemon.connect()) as api:
        simulated_gateway.tell("silence on")
        simulated_gateway.wait_for("silence=on")
        with pytest.raises(TimeoutError):
            api.request(0x20, timeout=1)
        simulated_gateway.tell("silence off")
        simulated_gateway.wait_for("silence=off")
        assert api.home_id() == "c0ffee01"


def test_the_daemon_ends_at_once_while_the_gateway_is_away(daemon, gateway):
    gateway.unplug()
    daemon.wait_for("gateway left")
    daemon.program.signal(signal.SIGTERM)
    assert daemon.program.wait(3) == 0
    assert CLIENT not in daemon.program.log()
