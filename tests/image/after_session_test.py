"""What a host does after a session, as its configuration has it: the image's own, and the most thorough one."""

from lab.appliance import CONFIG, ask_through_readme_client
from lab.waiting import until


LEAST_UPTIME = 180  # seconds; a host that started later than that only releases the virtual address (ARCHITECTURE.md)


def configure(host, after_session):
    """From here on the host serves, and has been up for long enough."""
    host.ssh("cat >/etc/pizwg/pizwg.toml && systemctl restart pizwgd",
             input=CONFIG.replace('"keep"', f'"{after_session}"'))
    until(lambda: uptime(host) > LEAST_UPTIME, 300, "its having been up for long enough")
    host.wait_until_ready()


def uptime(host):
    """Of its processes, in seconds."""
    now, began = host.ssh("cut -d ' ' -f 1 /proc/uptime; systemctl show --value --property UserspaceTimestampMonotonic").stdout.split()
    return float(now) - int(began) / 1e6


def process_starts(host):
    """How often all processes have started anew in this boot; empty while the host does not answer."""
    return host.ssh("systemctl show --value --property SoftRebootsCount", check=False).stdout.strip()


def losses_of_power(host):
    return int(host.ssh("dmesg | grep -c 'USB disconnect' || true").stdout)


def test_every_process_starts_anew_and_the_gateway_was_without_power(first, lab):
    first.ssh("pizwg setup")
    first.wait_until_ready()
    configure(first, "soft-reboot")
    boot, starts, losses = first.boot_id(), process_starts(first), losses_of_power(first)
    assert ask_through_readme_client(lab, first)
    until(lambda: process_starts(first) == str(int(starts) + 1), 300, "another start of all processes")
    first.wait_until_up()
    first.wait_until_ready()
    assert first.boot_id() == boot, "the kernel started anew, too"
    assert losses_of_power(first) > losses, "the gateway kept its power"
    assert first.ssh("systemctl list-units --failed --plain --no-legend").stdout == ""
    assert ask_through_readme_client(lab, first)


def test_the_machine_starts_anew(first, lab):
    first.wait_until_ready()
    configure(first, "reboot")
    boot = first.boot_id()
    assert ask_through_readme_client(lab, first)
    until(lambda: first.boot_id() not in ("", boot), 900, "another boot")
    first.wait_until_up()
    first.wait_until_ready()
    assert ask_through_readme_client(lab, first)
