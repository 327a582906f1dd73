"""One host, from the card's first boot to a session: what can be seen of it without a second one."""

import json
import urllib.request

import pytest

from lab.appliance import SSH, VIP, ask_through_readme_client
from lab.program import run
from lab.scan import open_tcp_ports, udp_ports_that_answer
from lab.waiting import until


def test_nothing_has_failed(first):
    assert first.ssh("systemctl list-units --failed --plain --no-legend").stdout == ""
    assert first.ssh("systemctl is-system-running", check=False).stdout.strip() == "running"


def test_what_was_put_on_the_card_is_taken_over_and_wiped(first):
    assert first.ssh("hostname").stdout.strip() == "cellar"
    assert "after_session" in first.ssh("cat /etc/pizwg/pizwg.toml").stdout
    left = first.ssh("ls /boot/firmware/pizwg").stdout.split()
    assert set(left) == {"README.txt", "report.txt"}, first.ssh("cat /boot/firmware/pizwg/report.txt").stdout


def test_no_password_lets_anybody_in(first):
    assert first.ssh("passwd --status root").stdout.split()[1] == "L"
    sshd = first.ssh("sshd -T").stdout
    assert "passwordauthentication no" in sshd and "kbdinteractiveauthentication no" in sshd
    assert "permitrootlogin without-password" in sshd
    assert first.ssh("awk -F: '$3 >= 1000 && $3 < 60000' /etc/passwd").stdout == "", "a user that nobody asked for"


def test_root_and_boot_are_read_only_and_the_rest_is_memory(first):
    mounts = [line.split() for line in first.ssh("cat /proc/mounts").stdout.splitlines()]
    writable = {place for source, place, kind, options, *_ in mounts
                if source.startswith("/dev/") and "rw" in options.split(",")}
    assert writable == {"/data", "/root", "/etc/pizwg", "/etc/ser2net", "/usr/share/ser2net/auth",
                        "/var/lib/systemd/timesync"}
    assert first.ssh("touch /etc/file", check=False).returncode != 0


def test_rw_and_ro(first):
    first.ssh("rw && touch /etc/file && rm /etc/file && test -e /data/writable && ro")
    assert first.ssh("touch /etc/file", check=False).returncode != 0
    assert first.ssh("test -e /data/writable", check=False).returncode != 0


def test_a_host_key_of_its_own_that_lasts(first):
    assert first.ssh("ls /data/ssh/*.pub | wc -l").stdout.strip() == "2"
    assert first.ssh("ls /etc/ssh/ssh_host_*", check=False).returncode != 0


def test_the_watchdog_is_armed(first):
    if first.ssh("ls /dev/watchdog0", check=False).returncode != 0:
        pytest.fail("QEMU's watchdog is not there")
    assert first.ssh("systemctl show --value --property RuntimeWatchdogUSec").stdout.strip() == "10s"
    assert first.ssh("wdctl --noheadings --output TIMELEFT /dev/watchdog0; cat /sys/class/watchdog/watchdog0/state "
                     "/sys/class/watchdog/watchdog0/timeout").stdout.split()[-2:] == ["active", "10"]
    assert first.ssh("sysctl -n kernel.panic kernel.panic_on_oops").stdout.split() == ["5", "1"]


def test_setup_makes_it_the_master_at_the_virtual_address(first):
    first.ssh("pizwg setup")
    first.wait_until_ready()
    run("ping", "-c", "1", "-W", "10", VIP)


def test_backup_and_key_can_be_put_there_while_the_card_is_read_only(first, lab):
    """By the first PiZWG's instructions: scp, ssh-copy-id."""
    backup = lab.folder / "backup.tar"
    first.copy_from("/root/backup.tar", backup)
    first.copy_to(backup, "/root/backup.tar")
    assert "in place already" in first.ssh("pizwg restore").stdout

    (lab.folder / ".ssh").mkdir()  # where ssh-copy-id works
    another = lab.folder / "another-key"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "another", "-f", another)
    run("env", f"HOME={lab.folder}", "ssh-copy-id", "-f", "-i", another, *SSH, "-o", f"IdentityFile={lab.key}",
        f"root@{first.address}")
    assert run("ssh", *SSH, "-i", another, f"root@{first.address}", "whoami").stdout == "root\n"


def test_the_hub_is_really_switched(first):
    first.ssh("pizwg maintenance on")
    until(lambda: first.ssh("ls /dev/ttyUSB0", check=False).returncode != 0, 60, "the stick's being gone")
    first.ssh("pizwg maintenance off")
    until(lambda: first.ssh("ls /dev/ttyUSB0", check=False).returncode == 0, 120, "the stick's being back")


def test_the_readmes_command_gets_answers_from_the_stick(first, lab):
    assert len(set(ask_through_readme_client(lab, first, times=20))) == 1


def test_exactly_these_ports_answer_from_outside(first):
    first.ssh("systemd-run --quiet --unit=open-port systemd-socket-activate --listen=0.0.0.0:5555 --listen=[::]:5556 cat")
    until(lambda: "5556" in first.ssh("ss --tcp --listening --numeric").stdout, 30)
    link_local = first.ssh("ip -6 -o address show scope link").stdout.split()[3].split("/")[0]
    assert open_tcp_ports(first.address) == {22, 3333, 9100}
    assert open_tcp_ports(VIP, {22, 80, 443, 3333, 5555, 9100}) == {22, 3333, 9100}
    # The gateway listens on IPv4 unless it is told otherwise.
    assert open_tcp_ports(f"{link_local}%br0") == {22, 9100}
    first.ssh("systemctl stop open-port")
    # Names, multicast names, time, DHCP; some that nobody listens at; and the doors, which are TCP's.
    some = {22, 53, 67, 68, 111, 123, 161, 514, 3333, 5353, 5355, 9100, 33434, 65535}
    assert udp_ports_that_answer(first.address, some) == set()
    assert udp_ports_that_answer(f"{link_local}%br0", some) == set()


def test_the_doctor_finds_nothing_wrong(first):
    found = json.loads(first.ssh("pizwg doctor --json", check=False).stdout)["findings"]
    # One host alone, no time server in this network; QEMU's hub says that it has a supply of its own.
    expected = {"other-hosts", "clock", "hub-supply"}
    assert [one for one in found if one["grade"] != "ok" and one["check"] not in expected] == []
    assert {"watchdog", "root-read-only", "ssh-password", "root-password", "ports"} <= {one["check"] for one in found}


def test_metrics_of_machine_and_daemon(first):
    text = urllib.request.urlopen(f"http://{first.address}:9100/metrics", timeout=60).read().decode()
    assert 'node_systemd_unit_state{name="pizwgd.service",state="active",type="notify"} 1' in text
