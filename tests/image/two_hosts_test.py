"""Two hosts as the README makes them: the second one gets the first one's backup.tar on its card, and nobody logs in there."""

import os
import random

import pytest

from lab.appliance import CONFIG, VIP, ask_through_readme_client
from lab.waiting import until

BOOT_LIMIT = 900


def status(host):
    return host.ssh("systemctl show --value --property StatusText pizwgd", check=False).stdout.strip()


def boot_id(host):
    return host.ssh("cat /proc/sys/kernel/random/boot_id", check=False).stdout.strip()


def wait_for_status(host, wanted, timeout=300):
    until(lambda: status(host) == wanted, timeout, f"{wanted} on {host.address}")


def wait_for_vip(host, timeout=120):
    until(lambda: VIP in host.ssh("ip -4 address", check=False).stdout, timeout, f"the VIP on {host.address}")


@pytest.fixture(scope="module")
def hosts(lab, first):
    """First the first is set up; then the second boots from a card with its backup."""
    first.ssh("pizwg setup")
    wait_for_status(first, "ready")
    backup = lab.folder / "backup.tar"
    first.copy_from("/root/backup.tar", backup)
    second = lab.host(2, {"authorized_keys": lab.public_key, "hostname": "attic\n", "pizwg.toml": CONFIG,
                          "backup.tar": backup.read_bytes()})
    second.wait_until_up(BOOT_LIMIT)
    return first, second


def test_the_second_is_a_standby_and_dark(hosts):
    wait_for_status(hosts[1], "standby")
    assert hosts[1].ssh("ls /dev/ttyUSB0", check=False).returncode != 0
    wait_for_status(hosts[0], "ready")


def test_handover(hosts, lab):
    # It is refused until the other host has said that it is fit.
    until(lambda: hosts[0].ssh("pizwg handover", check=False).returncode == 0, 300, "a handover")
    wait_for_vip(hosts[1])
    assert ask_through_readme_client(lab, hosts[0])


def test_the_master_loses_power_and_the_other_serves(hosts, lab):
    first, second = hosts
    second.cut_power()
    assert ask_through_readme_client(lab, first)
    second.start()
    second.wait_until_up(BOOT_LIMIT)
    wait_for_status(second, "standby")


def test_a_kernel_that_is_lost_starts_anew(hosts):
    """Panic: by itself; without that: by the watchdog."""
    for make_it in ("", "sysctl -qw kernel.panic=0; "):
        before = boot_id(hosts[1])
        hosts[1].ssh(f"{make_it}echo c >/proc/sysrq-trigger", check=False, timeout=60)
        until(lambda: boot_id(hosts[1]) not in ("", before), BOOT_LIMIT, "another boot")
        hosts[1].wait_until_up(BOOT_LIMIT)
        wait_for_status(hosts[1], "standby")


def test_power_cuts_at_random_moments(hosts):
    """QEMU is killed: what the guest has written is on the disk, what it has not is lost. A card's own cache is not."""
    seed = int(os.environ.get("PIZWG_SEED", random.randrange(2**32)))
    print(f"PIZWG_SEED={seed}")
    moments = random.Random(seed)
    victim = hosts[1]
    for _ in range(int(os.environ.get("PIZWG_POWER_CUTS", "20"))):
        victim.cut_power()
        victim.start()
        with pytest.raises(AssertionError):
            victim.machine.wait_for("never said", timeout=moments.uniform(1, 60))
    victim.cut_power()
    victim.start()
    victim.wait_until_up(BOOT_LIMIT)
    wait_for_status(victim, "standby")
    assert victim.ssh("systemctl list-units --failed --plain --no-legend").stdout == ""
