"""What the units' scenarios have in common: a machine that a real systemd has booted, one for each file."""

import pytest

from lab import booted_machine, installed_tree
from lab.booted_machine import BootedMachine
from lab.program import Programs
from lab.waiting import until


@pytest.fixture(scope="module")
def boot(tmp_path_factory):
    """boot(): a new machine, without an identity and without a gateway."""
    if why := booted_machine.missing():
        pytest.exit(f"skipped: systemd cannot be booted here: {why}", returncode=77)
    folder = tmp_path_factory.mktemp("machines")
    programs, machines = Programs(folder), []

    def make(config=installed_tree.CONFIG, **options):
        place = folder / f"machine-{len(machines)}"
        place.mkdir()
        installed_tree.install_tree(place / "tree", config)
        machines.append(BootedMachine(programs, place, name=place.name, **options))
        machines[-1].wait_until_up()
        return machines[-1]

    yield make
    reports = [machine.close() for machine in machines]
    assert not any(reports), "\n".join(filter(None, reports))


@pytest.fixture(scope="module")
def machine(boot):
    """With an identity and a gateway: master, as it is alone."""
    made = boot()
    made.plug_gateway()
    made.run("pizwg", "setup")
    made.wait_for_status("ready")
    return made


@pytest.fixture
def master(machine):
    """Each scenario begins and ends as master: there is no other host."""
    machine.wait_for_status("ready")
    until(machine.has_vip)
    yield
    machine.wait_for_status("ready", 60)
