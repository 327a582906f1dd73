"""The real Z-Wave JS driver behind pizwg-connect: it goes on, and its port stays, whatever happens to the server."""

import pytest

from lab.driver import SWITCH
from lab.zwave_js import Chain


@pytest.fixture
def start_chain(programs, tmp_path):
    return lambda *stick_options: Chain(programs, tmp_path, *stick_options, client="pizwg-connect")


def assert_the_port_stayed(chain):
    """The application opened it once, and was never restarted."""
    assert chain.client.log().count("application came") == 1, chain.client.log()
    assert "application left" not in chain.client.log()
    assert len(chain.driver.told("driver ready")) == 1, chain.driver.program.log()


def test_a_hundred_commands_in_a_row_all_succeed(start_chain):
    chain = start_chain()
    repeated = chain.driver.ask(f"repeat {SWITCH} 50", timeout=60)
    assert (repeated["times"], repeated["wrong"]) == (50, 0)
    chain.assert_no_trouble()
    assert_the_port_stayed(chain)


def test_the_driver_goes_on_after_a_soft_reset_that_takes_the_stick_off_the_bus(start_chain):
    chain = start_chain("--resets-off-the-bus")
    chain.driver.ask("reset", timeout=30)
    chain.driver.assert_switch_works()
    chain.assert_one_session()


def test_the_driver_goes_on_after_the_servers_restart(start_chain):
    chain = start_chain()
    for number in range(3):
        mark = len(chain.client.log())
        chain.await_quiet()
        chain.daemon.end()
        chain.client.wait_for("nothing listens", after=mark)
        chain.daemon = chain.start_daemon(f"pizwgd-{number}", "stick")
        chain.client.wait_for("connected server=", after=mark)
        chain.driver.assert_switch_works()
    assert_the_port_stayed(chain)


def test_a_command_given_during_a_short_outage_succeeds(start_chain):
    chain = start_chain()
    chain.await_quiet()
    chain.daemon.end()
    chain.client.wait_for("disconnected")
    before = len(chain.driver.program.log())
    chain.driver.tell(f"turn {SWITCH} on")
    chain.daemon = chain.start_daemon("pizwgd-again", "stick")
    chain.driver.program.wait_for('^{"answer":"turn"(?!.*failed).*}$', 20, before)
    assert chain.driver.ask(f"read {SWITCH}") is True
    assert_the_port_stayed(chain)


def test_the_driver_goes_on_with_a_clone_on_another_host(start_chain):
    chain = start_chain()
    chain.start_stick("clone")
    standby = chain.start_daemon("standby", "clone", port=3334)
    chain.daemon.signal(9)
    chain.daemon.wait()
    standby.wait_for("session started")
    chain.driver.assert_switch_works()
    assert_the_port_stayed(chain)
