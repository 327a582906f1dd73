"""The rows of the failover table, and what the first PiZWG does at the same faults.

Its figures are medians of 3, measured once with its own stack (ser2net, socat, keepalived with 1 s adverts, its monitor and
its scripts) on two hosts in network namespaces, under the same terms: the gateway needs 1.0 s from power to tty, a host
20 s to boot, the client sends a frame every 20 ms and is restarted 1 s after its end.
"""

from dataclasses import dataclass

NEVER = "never (≥ 420 s)"


@dataclass(frozen=True)
class Row:
    title: str
    scenario: str          # as its test records it
    test: str              # pytest's name of it
    limit: float | None = None  # seconds; None: the row has no limit of its own
    overlap: bool = False  # two gateways may have power: the table says why
    alone: bool = False    # it takes all processors: once, and nothing beside it
    first: str = "–"
    first_two: str = "–"


def test(file, name=""):
    return f"{file}_test.py" + (f"::{name}" if name else "")


ROWS = [
    Row("master loses power", "master loses power",
        test("master_loses_power", "test_the_standby_takes_over_and_the_lost_host_comes_back_as_standby"), 2.0,
        first="5.4 s (4.4 to 7.9)"),
    Row("cable pulled", "cable pulled",
        test("cable_is_pulled", "test_the_masters_the_standby_takes_over_and_it_is_standby_when_its_cable_is_back"), 2.0,
        first="7.9 s"),
    Row("keepalived killed (-9), all of it", "keepalived killed",
        test("keepalived_is_killed", "test_with_all_its_processes"), 2.5, first="2.1 s", first_two="954 s"),
    Row("keepalived stopped", "keepalived stopped", test("keepalived_is_stopped"), first="1.9 s", first_two="0.4 s"),
    Row("keepalived frozen (the first: for 15 s; ours: for good)", "keepalived frozen", test("keepalived_is_frozen"),
        2.5, first="32.7 s", first_two="12.7 s"),
    Row("daemon killed (the first: ser2net; its monitor)", "pizwgd killed",
        test("daemon_is_killed", "test_on_the_master"), 2.5, first=f"3.1 s; {NEVER}", first_two="0.4 s"),
    Row("daemon frozen (the first: ser2net)", "pizwgd frozen", test("daemon_is_frozen"), 8.0, first="8.0 s",
        first_two="0.4 s"),
    Row("keepalived and daemon frozen together, as on a host that hangs", "pizwgd and keepalived frozen",
        test("host_hangs"), overlap=True),
    Row("gateway unplugged while serving, the grace of 8 s included", "gateway unplugged while serving",
        test("gateway_is_unplugged", "test_while_serving_and_the_mended_host_is_there_when_it_is_needed"), 18.0,
        first=NEVER),
    Row("elected host's gateway dead at power-on, the wait of 10 s included", "gateway dead at power-on",
        test("gateway_is_dead", "test_on_the_elected_host_another_one_takes_over"), 14.0, first=NEVER),
    Row("client restarts", "client restarts", test("client_restarts"), first="1.8 s", first_two="0.4 s"),
    Row("client vanishes, another connects", "client vanishes, another connects",
        test("client_vanishes", "test_another_client_is_turned_away_until_that_is_found_out"), first="958 s"),
    Row("client vanishes, the same identity connects", "client vanishes, the same identity connects",
        test("client_vanishes", "test_the_same_client_gets_in_at_once_from_another_machine"), 1.0, first="958 s"),
    Row("planned handover (the first: by rebooting the master)", "handover",
        test("operator_hands_over", "test_the_other_host_serves_and_the_operator_is_told"), 1.5, first="1.9 s",
        first_two="0.4 s"),
    Row("an application quiet for 31 s", "application quiet for 31 s", test("application_is_quiet"), 0.0,
        first="2.1 s", first_two="0.4 s"),
    Row("both processors loaded for 10 minutes", "all processors loaded", test("machine_is_overloaded"), 1.0, alone=True),
    Row("master black-holed for 20 s, carrier stays; energise = \"master\"", "master black-holed, energise=master",
        test("master_is_cut_off", "test_the_standby_takes_over_and_one_is_left_when_the_network_is_whole[master]"), overlap=True, first="44 s", first_two="18 s"),
    Row("... energise = \"client\"", "master black-holed, energise=client", test("master_is_cut_off", "test_the_standby_takes_over_and_one_is_left_when_the_network_is_whole[client]"),
        overlap=True),
    Row("hosts apart for 20 s, the client sees both; energise = \"master\"", "hosts apart, energise=master",
        test("hosts_do_not_see_each_other", "test_one_is_left_when_the_network_is_whole[master]"), overlap=True, first="2.1 to 29 s", first_two="18 s"),
    Row("... energise = \"client\"", "hosts apart, energise=client", test("hosts_do_not_see_each_other", "test_one_is_left_when_the_network_is_whole[client]"),
        overlap=True),
    Row("standby cut off for 20 s; energise = \"master\"", "standby cut off, energise=master",
        test("standby_is_cut_off", "test_the_client_notices_little_or_nothing[master]"), overlap=True),
    Row("... energise = \"client\"", "standby cut off, energise=client",
        test("standby_is_cut_off", "test_the_client_notices_little_or_nothing[client]"), overlap=True),
    Row("a standby boots, 20 s of firmware and kernel included", "standby boots",
        test("hosts_boot", "test_the_standby_beside_the_master"), 0.5, overlap=True, first_two="15 s"),
    Row("cold start of two hosts, from the end of their 20 s", "cold start of 2 hosts", test("hosts_boot", "test_all_at_once_one_serves_and_the_others_are_standby[2]"),
        overlap=True),
    Row("cold start of three hosts, likewise", "cold start of 3 hosts", test("hosts_boot", "test_all_at_once_one_serves_and_the_others_are_standby[3]"), overlap=True),
    Row("after a session: release", "after_session=release", test("session_is_over", "test_release")),
    Row("after a session: soft-reboot", "after_session=soft-reboot", test("session_is_over", "test_soft_reboot")),
    Row("after a session: reboot, 20 s", "after_session=reboot", test("session_is_over", "test_reboot"), overlap=True),
    Row("after a session: keep", "after_session=keep", test("session_is_over", "test_keep")),
    Row("hub stuck on when the session is over: the master stays master", "hub stuck on, client restarts",
        test("hub_is_stuck_on", "test_the_master_stays_master_rather_than_have_two_gateways_on_the_air[stuck on]")),
    Row("address of the master changes", "address of the master changes", test("address_changes", "test_of_the_master")),
]
