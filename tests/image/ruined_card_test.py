"""A card whose data partition is no more: there is no identity, no key, no configuration, and nobody at the console."""

import urllib.request

from lab.appliance import VIP
from lab.program import run
from lab.waiting import until


def test_a_host_without_its_data_goes_dark_stays_out_of_the_election_and_shows_it(first):
    first.ssh("pizwg setup")
    first.wait_until_ready()
    first.cut_power()
    first.card.ruin("data")
    first.start()
    until(lambda: "pizwg_hub_off_proven 1" in metrics(first), 600, "the metrics' saying that the hub is off")
    shown = metrics(first)
    assert 'pizwg_state{state="unprovisioned"} 1' in shown and "pizwg_veto 1" in shown
    assert 'mountpoint="/boot/firmware"' in shown and 'mountpoint="/data"' not in shown
    assert run("ping", "-c", "1", "-W", "3", VIP, check=False).returncode != 0
    assert "emergency mode" not in first.console()


def metrics(host):
    """As the network sees it; empty while it does not."""
    try:
        return urllib.request.urlopen(f"http://{host.address}:9100/metrics", timeout=60).read().decode()
    except OSError:
        return ""
