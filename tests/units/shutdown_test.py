"""The whole machine ends, or starts, and everything happens in its order."""

from lab.installed_tree import CONFIG, VIP
from lab.waiting import until

STANDALONE = 'role = "standalone"\ndevice = "/run/lab/stick"\n'


def test_a_reboot_is_dark_before_the_vip_goes_and_nothing_waits_for_another(boot):
    machine = boot()
    machine.plug_gateway()
    machine.run("pizwg", "setup")
    machine.wait_for_status("ready")
    until(machine.has_vip)
    power = machine.power_log()
    # Not as root: the daemon's own right to it (after_session). The answer may come too late to be heard.
    machine.run("systemctl", "reboot", "--no-block", "--no-ask-password", user="pizwg", check=False)
    assert power.next_off(), "the VIP went before the power"
    machine.wait_for_end(25)


def test_after_a_session_the_daemon_itself_has_the_machine_started_anew(boot):
    machine = boot(CONFIG + 'after_session = "reboot"\n', up_for=200)  # sooner it would not, lest it do so again and again
    machine.plug_gateway()
    machine.run("pizwg", "setup")
    machine.wait_for_status("ready")
    power = machine.power_log()
    pem = "/root/pizwg-client.pem"
    machine.run("timeout", "1", "openssl", "s_client", "-quiet", "-connect", f"{VIP}:3333", "-cert", pem, "-key", pem,
                check=False)
    assert power.next_off(), "the VIP went before the power"
    machine.wait_for_end(25)


def test_an_unprovisioned_host_is_dark_and_keepalived_waits_without_having_failed(boot):
    machine = boot()
    power = machine.power_log(whole=True)
    machine.wait_for_status('no identity: "/etc/ser2net/ser2net.key" is missing')
    power.next_off()
    assert machine.is_dark()
    assert machine.run("systemctl", "is-system-running").stdout.strip() == "running"
    assert machine.property("keepalived", "ActiveState") == "inactive"
    assert machine.property("keepalived", "ConditionResult") == "no"


def test_a_standalone_host_serves_with_the_same_unit_and_without_keepalived(boot):
    machine = boot(STANDALONE)  # it is up although the gateway is not
    machine.run("ln", "-s", "tty", "/run/lab/stick")
    machine.plug_gateway()
    machine.run("pizwg", "setup")
    machine.wait_for_status("ready, gateway /run/lab/stick")
    machine.run("systemctl", "start", "keepalived")
    assert machine.property("keepalived", "ActiveState") == "inactive"
    assert "takes part in no election" in machine.journal("keepalived")
    assert not machine.has_vip()
    assert machine.run("systemctl", "is-system-running").stdout.strip() == "running"
