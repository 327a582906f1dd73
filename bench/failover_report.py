"""The failover table, between its markers in RESULTS.md, and everything that was recorded as JSON."""

import json
import statistics

import results_file



# PIZWG_LAB_CLIENT of the scenarios (tests/failover/conftest.py).
HOSTS_ALONE, PRODUCT = "frames", "pizwg-connect"
CLIENTS = (HOSTS_ALONE, PRODUCT)


def kept(folder, measured_anew):
    """What the last run has of the clients that are not measured anew: where that was, and the records."""
    path = folder / "failover.json"
    before = json.loads(path.read_text()) if path.exists() else {"machines": {}, "records": {}}
    stay = [client for client in CLIENTS if client not in measured_anew and client in before["machines"]]
    return ({client: before["machines"][client] for client in stay},
            {scenario: {client: found[client] for client in stay if client in found}
             for scenario, found in before["records"].items()})


def seconds(value):
    return f"{value:.1f} s" if value >= 0.1 else f"{value * 1000:.0f} ms"


def spread(values, step=0.05):
    """The median, and from where to where when that is more than a step apart."""
    low, middle, high = min(values), statistics.median(values), max(values)
    if high - low < step:
        return seconds(middle)
    return f"{seconds(middle)} ({low:.2f} to {high:.2f})" if high >= 0.1 else f"{seconds(middle)} (to {seconds(high)})"


def is_complete(records):
    """Of one scenario, by client."""
    return all(records.get(client) and not any("failed" in record for record in records[client]) for client in CLIENTS)


def outages_of(records, client):
    return [record["outage_s"] for record in records.get(client, []) if "outage_s" in record]


def all_of(records):
    return [record for client in CLIENTS for record in records.get(client, [])]


def verdict(row, records, overlaps):
    """What is shown is what is compared."""
    if failures := sum("failed" in record for record in all_of(records)):
        return f"**failed {failures} times**"
    if not row.overlap and max(overlaps) > 0:
        return "**two energised**"
    if row.limit is not None and any(round(statistics.median(outages_of(records, client)), 1) > row.limit
                                     for client in CLIENTS):
        return "**missed**"
    return "" if row.overlap and row.limit is None else "met"


def line(row, records):
    if not all(outages_of(records, client) for client in CLIENTS):
        return f"| {row.title} | – | – | | | {row.first} | {row.first_two} | **no value** |"
    overlaps = [record["two_energised_ms"] / 1000 for record in all_of(records) if "outage_s" in record]
    limit = "" if row.limit is None else f"{row.limit:g} s"
    outages = " | ".join(spread(outages_of(records, client)) for client in CLIENTS)
    return (f"| {row.title} | {outages} | {limit} | {spread(overlaps, step=0.001)} "
            f"| {row.first} | {row.first_two} | {verdict(row, records, overlaps)} |")


def openings(records):
    """How often the application behind pizwg-connect had to open its port again, and in how many faults."""
    known = [record["reopened"] for found in records.values() for record in found.get(PRODUCT, []) if "reopened" in record]
    return f"{sum(known)} times in {len(known)} faults"


def runs_of(machines):
    """When each client's figures were taken, and how many of each."""
    words = {HOSTS_ALONE: "of the hosts alone", PRODUCT: "behind pizwg-connect"}
    return "; ".join(f"{words[client]} {machines[client]['date']}, {machines[client]['pizwgd']} "
                     f"({machines[client]['commit']}), medians of {machines[client]['runs']}"
                     for client in CLIENTS if client in machines)


def markdown(rows, records, machines):
    lines = "\n".join(line(row, records.get(row.scenario, {})) for row in rows)
    machine = next(iter(machines.values()))
    return f"""# Failover

On {machine['processors']} x {machine['processor']}, Linux {machine['kernel']}, with keepalived 2.2.7; {runs_of(machines)}. Hosts in namespaces of their own, with real keepalived and pizwgd under a stand-in for systemd that does what their
units say, simulated hubs and gateways (1.0 s from power to tty, part of every outage in which a gateway is powered), and a
client that sends a frame every 20 ms (`tests/failover`). The outage is the longest time without an answer: of a client
that speaks TLS itself and connects again in the quickest way, which is the hosts' part; and of an application behind
pizwg-connect, which had to open its port again {openings(records)}. How long two gateways had power is exact,
from the hubs' own logs. Least to most is shown where they differ by 50 ms or more; the 10 minutes were run once. The first PiZWG's figures are constants (`bench/failover_rows.py`), not of this run. Reproduce:
`make bench-failover`.

| fault | outage | behind pizwg-connect | at most | two gateways energised | first PiZWG: outage | two energised | |
|---|---|---|---|---|---|---|---|
{lines}

Where two gateways may have power: at a boot the firmware powers the USB ports before anything of ours runs, and during a
partition there are two masters. `energise = "client"` keeps a gateway dark until a client is there: it bounds the time to
that until a dead client is found (4 s). It does not help where a client sees both hosts and they do not see each other: both
tell it every second that the VIP is theirs, it goes to and fro, and each still has its session when it comes back. When the network is whole again, the host with the higher priority is master, which may be the other one."""


def write(text, records, machines, folder):
    results_file.write_part("failover", text, folder)
    (folder / "failover.json").write_text(json.dumps({"machines": machines, "records": records}, indent=1) + "\n")
