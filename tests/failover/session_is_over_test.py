"""What the master does when a session is over: the four policies. A host that was booted less than three minutes ago
releases instead of rebooting, so these ones think that they are older."""

import pytest

OLD_ENOUGH = 200


def a_session_ends(cluster, policy, overlap=False, up_for=OLD_ENOUGH):
    master, standby = cluster.start(after_session=policy, up_for=up_for)
    cluster.boot_seconds = cluster.true_or_short(20, 3)
    with cluster.fault(f"after_session={policy}", overlap) as fault:
        cluster.client.kill()
        cluster.client.start()
        fault.served_by(master if policy == "keep" else standby)
        if up_for and "reboot" in policy:
            master.await_log(f"init: {policy}")
        settled = cluster.settle()
    assert settled == ([master, standby] if policy == "keep" else [standby, master])
    return master, fault


def test_keep(cluster):
    a_session_ends(cluster, "keep")


def test_release(cluster):
    a_session_ends(cluster, "release")


def test_soft_reboot(cluster):
    """All processes start anew; the kernel, and so the dark hub, stays."""
    a_session_ends(cluster, "soft-reboot")


def test_reboot(cluster):
    """The firmware gives the gateway power, beside the new master's."""
    _, fault = a_session_ends(cluster, "reboot", overlap=True)
    assert fault.overlap < cluster.boot_seconds + 5.0


@pytest.mark.parametrize("policy", ["soft-reboot", "reboot"])
def test_a_host_that_was_booted_just_now_releases(cluster, policy):
    master, _ = a_session_ends(cluster, policy, up_for=0)
    assert f"init: {policy}" not in master.log()
