"""A hub that does not do what it is told does not keep the host from giving up being master."""

import pytest

from lab.journal import Since
from lab.waiting import until

pytestmark = pytest.mark.usefixtures("master")


@pytest.mark.parametrize("fault", ["stuck", "hanging"])
def test_a_hub_that_does_not_switch_does_not_keep_the_veto_waiting_for_ever(machine, fault):
    journal = Since(machine)
    machine.run("touch", f"/run/lab/{fault}")
    machine.signal("pizwgd", "SIGKILL")
    journal.wait_for("code=killed, status=9/KILL", "the hub was not turned off", "veto set")
    until(lambda: not machine.has_vip())
    journal.wait_for("Starting pizwgd.service", "the hub was not turned off", "to=faulty")
    machine.run("rm", f"/run/lab/{fault}")
    machine.wait_for_status("ready", 60)  # tried again by itself
