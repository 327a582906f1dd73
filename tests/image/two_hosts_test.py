"""Two hosts as the README makes them: the second one gets the first one's backup.tar on its card, and nobody logs in there.

Who is master is asked anew each time: on a busy machine a guest may stand still for so long that the other takes over.
"""

import re

import pytest

from lab.appliance import CONFIG, VIP, copy_client_files
from lab.serial_api import SerialApi
from lab.waiting import until

BOOT_LIMIT = 900


def settled(hosts):
    """(master, standby), when there is one of each."""

    def roles():
        said = [host.status() for host in hosts]
        for master, standby in ((0, 1), (1, 0)):
            if re.match("ready|serving", said[master]) and said[standby] == "standby":
                return hosts[master], hosts[standby]
        return None

    return until(roles, 600, "one host that is ready and one that stands by")


@pytest.fixture(scope="module")
def hosts(lab, first):
    """First the first is set up; then the second boots from a card with its backup."""
    first.ssh("pizwg setup")
    first.wait_until_ready()
    backup = lab.folder / "backup.tar"
    first.copy_from("/root/backup.tar", backup)
    second = lab.host(2, {"authorized_keys": lab.public_key, "hostname": "attic\n", "pizwg.toml": CONFIG,
                          "backup.tar": backup.read_bytes()})
    second.wait_until_up(BOOT_LIMIT)
    return first, second


@pytest.fixture(scope="module")
def application(lab, hosts):
    """Has its serial port open from the first scenario to the last, at the client of the README's first page."""
    place = copy_client_files(lab.folder / "client", hosts[0])
    tty = place / "ttyUSB254"
    client = lab.programs.start(
        "pizwg-connect", VIP, "--tty", tty, "--mode", "600",
        "--server-certificate", place / "etc/ser2net/ser2net.crt", "--client-pem", place / "root/pizwg-client.pem")
    client.wait_for("connected", timeout=120)
    with SerialApi(tty, timeout=30) as api:
        yield Application(api)


class Application:
    def __init__(self, api):
        self._api = api

    def gets_an_answer(self):
        """Asked again when nobody answers: a command that the old host's stick had taken is lost."""

        def answer():
            try:
                return self._api.home_id()
            except TimeoutError:
                return None

        return until(answer, 300, "an answer from the stick")


def test_one_is_ready_and_the_other_stands_by_and_is_dark(hosts):
    master, standby = settled(hosts)
    assert VIP in master.ssh("ip -4 address").stdout
    until(lambda: "ttyUSB" not in standby.ssh("ls /dev").stdout, 60, "the standby's being dark")


def test_what_was_on_the_seconds_card_is_wiped(hosts):
    assert set(hosts[1].ssh("ls /boot/firmware/pizwg").stdout.split()) == {"README.txt", "report.txt"}
    assert hosts[0].ssh("sha256sum /etc/ser2net/ser2net.key").stdout == hosts[1].ssh("sha256sum /etc/ser2net/ser2net.key").stdout


def test_handover(hosts, lab, application):
    master, standby = settled(hosts)
    application.gets_an_answer()
    # It is refused until the other host has said that it is fit.
    until(lambda: master.ssh("pizwg handover", check=False).returncode == 0, 300, "a handover")
    until(lambda: settled(hosts) == (standby, master), 300, "the other host's being ready")
    application.gets_an_answer()


def test_the_master_loses_power_and_the_other_serves(hosts, application):
    master, standby = settled(hosts)
    master.cut_power()
    application.gets_an_answer()
    assert standby.status().startswith("serving")
    master.start()
    master.wait_until_up(BOOT_LIMIT)
    settled(hosts)


@pytest.mark.parametrize("before", ["", "sysctl -qw kernel.panic=0; "], ids=["by itself", "by the watchdog"])
def test_a_kernel_that_is_lost_starts_anew(hosts, before):
    _, victim = settled(hosts)
    last = victim.boot_id()
    victim.ssh(f"{before}(sleep 1; echo c >/proc/sysrq-trigger) >/dev/null 2>&1 &")
    until(lambda: victim.boot_id() not in ("", last), BOOT_LIMIT, "another boot")
    victim.wait_until_up(BOOT_LIMIT)
    settled(hosts)
