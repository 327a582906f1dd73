"""device = "auto": the one tty that a USB gateway offers, and where it is again after it left the bus."""

import os
import re

import pytest

from lab.chain import Daemon, write_config
from lab.fake_usb import FakeUsb
from lab.program import BIN, run
from lab.pty_gateway import PtyGateway
from lab.tls_client import read_exactly
from lab.waiting import until


@pytest.fixture
def usb(tmp_path):
    return FakeUsb(tmp_path / "machine")


@pytest.fixture
def spare_gateway(tmp_path):
    made = PtyGateway(tmp_path / "spare-gateway")
    yield made
    made.close()


def check(usb, identity, tmp_path, device="auto"):
    config = write_config(tmp_path / "check.toml", role="standalone", device=device)
    return run(*usb.prefix, BIN / "pizwgd", "--check", "--config", config, "--root", identity.root, check=False,
               env=os.environ | usb.environment)


def serve(programs, identity, usb, device="auto", **settings):
    return Daemon(programs, identity, device, prefix=usb.prefix, environment=usb.environment, **settings)


def says_and_hears(gateway, connection):
    connection.sendall(b"ping")
    assert gateway.hear_exactly(4) == b"ping"
    gateway.say(b"pong")
    assert read_exactly(connection, 4) == b"pong"


def test_the_only_usb_tty_is_chosen(usb, identity, gateway, tmp_path):
    usb.plug("1-1.2", gateway.tty)
    ended = check(usb, identity, tmp_path)
    assert f'gateway       ok     {gateway.tty} (USB 1-1.2:1.0, 0658:0200 "Fake stick")\n' in ended.stdout
    assert ended.returncode == 0


def test_none_is_an_error_that_says_what_to_do(usb, identity, tmp_path):
    ended = check(usb, identity, tmp_path)
    assert ended.returncode == 1
    assert "gateway       error  no USB serial device found\n" in ended.stdout
    assert "hint   plug the gateway in" in ended.stdout


def test_several_are_an_error_that_lists_them(usb, identity, gateway, spare_gateway, tmp_path):
    usb.plug("1-1.2", gateway.tty)
    usb.plug("1-1.3", spare_gateway.tty, "10c4", "ea60", "CP2102 \x1b[2J")
    ended = check(usb, identity, tmp_path)
    assert ended.returncode == 1
    assert 'auto" found 2 USB serial devices: ' in ended.stdout
    assert f"{gateway.tty} (USB 1-1.2:1.0, 0658:0200" in ended.stdout
    assert f"{spare_gateway.tty} (USB 1-1.3:1.0, 10c4:ea60" in ended.stdout
    assert "\x1b" not in ended.stdout, "a stick's name must not command the terminal"


def test_a_named_device_is_shown_with_its_place_on_the_bus(usb, identity, gateway, tmp_path):
    usb.plug("1-1.2", gateway.tty)
    ended = check(usb, identity, tmp_path, device=gateway.link)
    assert f"gateway       ok     {gateway.link} (USB 1-1.2:1.0)\n" in ended.stdout


def test_the_chosen_one_is_served(programs, usb, identity, gateway):
    usb.plug("1-1.2", gateway.tty)
    daemon = serve(programs, identity, usb)
    daemon.wait_for(f"gateway opened device={gateway.tty} usb=1-1.2:1.0")
    with daemon.connect() as connection:
        says_and_hears(gateway, connection)


def leave_bus(usb, gateway, port):
    usb.unplug(port)
    gateway.unplug()


@pytest.mark.parametrize("named", [False, True])
def test_a_gateway_that_comes_back_under_another_number_is_found_by_its_place(programs, usb, identity, gateway,
                                                                              named):
    usb.plug("1-1.2", gateway.tty)
    old = gateway.tty
    daemon = serve(programs, identity, usb, old if named else "auto")
    with daemon.connect() as connection:
        says_and_hears(gateway, connection)
        leave_bus(usb, gateway, "1-1.2")
        gateway.plug(avoid=old)
        usb.plug("1-1.2", gateway.tty)
        daemon.wait_for(f"gateway opened device={gateway.tty} usb=1-1.2:1.0")
        says_and_hears(gateway, connection)
        assert "session ended" not in daemon.program.log()


def test_another_stick_that_is_plugged_in_is_not_taken_for_the_gateway(programs, usb, identity, gateway, spare_gateway):
    usb.plug("1-1.2", gateway.tty)
    daemon = serve(programs, identity, usb)
    with daemon.connect() as connection:
        leave_bus(usb, gateway, "1-1.2")
        daemon.wait_for("gateway left")
        usb.plug("1-1.3", spare_gateway.tty)
        before = daemon.wakeups()
        until(lambda: daemon.wakeups() > before + 3)  # it has looked, and left that one alone
        assert daemon.program.log().count("gateway opened") == 1
        gateway.plug()
        usb.plug("1-1.2", gateway.tty)
        daemon.wait_for("(?s)gateway left.*gateway opened device=/dev/pts/[0-9]+ usb=1-1.2:1.0")
        says_and_hears(gateway, connection)
        assert spare_gateway.hear(0) == b""


def test_after_the_grace_another_port_of_the_hub_will_do(programs, usb, identity, gateway):
    usb.plug("1-1.2", gateway.tty)
    daemon = serve(programs, identity, usb, gateway_grace_seconds=1)
    mark = daemon.mark()
    leave_bus(usb, gateway, "1-1.2")
    gateway.plug()
    usb.plug("1-1.4", gateway.tty)
    daemon.wait_for("gateway lost: no serial device at USB 1-1.2:1.0", after=mark)
    daemon.wait_for(f"gateway opened device={gateway.tty} usb=1-1.4:1.0", after=mark)
    daemon.wait_until_listening(after=mark)
    with daemon.connect() as connection:
        says_and_hears(gateway, connection)


def test_two_sticks_at_the_start_are_not_served_until_one_is_gone(programs, usb, identity, gateway, spare_gateway):
    usb.plug("1-1.2", gateway.tty)
    usb.plug("1-1.3", spare_gateway.tty)
    daemon = serve(programs, identity, usb, listening=False)
    daemon.wait_for(re.escape('no gateway: device = "auto" found 2 USB serial devices'))
    usb.unplug("1-1.3")
    daemon.wait_until_listening()
    daemon.wait_for(f"gateway opened device={gateway.tty} usb=1-1.2:1.0")
