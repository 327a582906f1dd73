"""The failover table, between its markers in RESULTS.md, and everything that was recorded as JSON."""

import json
import statistics

import results_file



def seconds(value):
    return f"{value:.1f} s" if value >= 0.1 else f"{value * 1000:.0f} ms"


def spread(values, step=0.05):
    """The median, and from where to where when that is more than a step apart."""
    low, middle, high = min(values), statistics.median(values), max(values)
    if high - low < step:
        return seconds(middle)
    return f"{seconds(middle)} ({low:.2f} to {high:.2f})" if high >= 0.1 else f"{seconds(middle)} (to {seconds(high)})"


def is_complete(records):
    return bool(records) and not any("failed" in record for record in records)


def verdict(row, records, outages, overlaps):
    """What is shown is what is compared."""
    if failures := sum("failed" in record for record in records):
        return f"**failed {failures} times**"
    if not row.overlap and max(overlaps) > 0:
        return "**two energised**"
    if row.limit is not None and round(statistics.median(outages), 1) > row.limit:
        return "**missed**"
    return "" if row.overlap and row.limit is None else "met"


def line(row, records):
    measured = [record for record in records if "outage_s" in record]
    if not measured:
        return f"| {row.title} | – | | | {row.first} | {row.first_two} | **no value** |"
    outages = [record["outage_s"] for record in measured]
    overlaps = [record["two_energised_ms"] / 1000 for record in measured]
    limit = "" if row.limit is None else f"{row.limit:g} s"
    return (f"| {row.title} | {spread(outages)} | {limit} | {spread(overlaps, step=0.001)} "
            f"| {row.first} | {row.first_two} | {verdict(row, records, outages, overlaps)} |")


def markdown(rows, records, machine, runs):
    lines = "\n".join(line(row, records.get(row.scenario, [])) for row in rows)
    return f"""# Failover

{machine['date']}, on {machine['processors']} x {machine['processor']}, Linux {machine['kernel']}; {machine['pizwgd']} ({machine['commit']}), keepalived
2.2.7. Hosts in namespaces of their own, with real keepalived and pizwgd under a stand-in for systemd that does what their
units say, simulated hubs and gateways (1.0 s from power to tty, part of every outage in which a gateway is powered), and a
client that sends a frame every 20 ms and connects again by itself (`tests/failover`). The outage is the longest time
without an answer; how long two gateways had power is exact, from the hubs' own logs. Medians of {runs} (least to most where they
differ by 50 ms or more; the 10 minutes once). The first PiZWG's figures are constants (`bench/failover_rows.py`), not of this run. Reproduce:
`make bench-failover`.

| fault | outage | at most | two gateways energised | first PiZWG: outage | two energised | |
|---|---|---|---|---|---|---|
{lines}

Where two gateways may have power: at a boot the firmware powers the USB ports before anything of ours runs, and during a
partition there are two masters. `energise = "client"` keeps a gateway dark until a client is there: it bounds the time to
that until a dead client is found (4 s). It does not help where a client sees both hosts and they do not see each other: both
tell it every second that the VIP is theirs, it goes to and fro, and each still has its session when it comes back. When the network is whole again, the host with the higher priority is master, which may be the other one."""


def write(text, records, machine, folder):
    results_file.write_part("failover", text, folder)
    (folder / "failover.json").write_text(json.dumps({"machine": machine, "records": records}, indent=1) + "\n")
