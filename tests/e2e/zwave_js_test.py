"""The real Z-Wave JS driver and, as the stick, its project's own mock; pizwgd and socat between them:

    driver - tty - socat - mutual TLS - pizwgd - tty - mock stick with a switch (node 2) and a dimmer (node 3)
"""

import pytest

from lab.driver import DIMMER, SWITCH, told
from lab.zwave_js import HOME_ID, Chain


@pytest.fixture
def start_chain(programs, tmp_path):
    return lambda *stick_options: Chain(programs, tmp_path, *stick_options)


def test_the_driver_interviews_two_nodes_switches_one_and_hears_the_other(start_chain):
    chain = start_chain()
    assert [e["home"] for e in chain.driver.told("driver ready")] == [HOME_ID]
    ready = {e["node"]: e["product"] for e in chain.driver.told("node ready")}
    assert ready == {SWITCH: 0x1002, DIMMER: 0x1003}
    chain.driver.assert_switch_works()
    chain.stick.tell("report 42")  # unasked, as a dimmer does that somebody turned by hand
    chain.driver.program.wait_for(rf'"event":"value","node":{DIMMER},.*"property":"currentValue","value":42\b')
    chain.assert_no_trouble()
    chain.driver.ask("quit")
    assert chain.driver.program.wait() == 0


def test_a_hundred_commands_in_a_row_all_succeed_in_one_session(start_chain):
    chain = start_chain()
    repeated = chain.driver.ask(f"repeat {SWITCH} 50", timeout=60)  # each time a command to switch and one to read back
    assert (repeated["times"], repeated["wrong"]) == (50, 0)
    chain.assert_no_trouble()


def test_the_driver_goes_on_after_soft_resets_that_take_the_stick_off_the_bus(start_chain):
    chain = start_chain("--resets-off-the-bus")
    chain.driver.ask("reset", timeout=30)
    chain.driver.assert_switch_works()
    # The driver resets once when it starts; then we did. What the stick said on its return was heard each time.
    assert len(told(chain.stick, "left the bus")) == 2
    assert len(told(chain.stick, "started")) == 2
    chain.assert_one_session()
