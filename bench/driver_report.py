"""The table of the driver's outages, between its markers in RESULTS.md, and everything that was recorded as JSON."""

import json
import math
import statistics

import outages
import results_file

TITLES = {"hold": "pizwg-connect, hold", "hangup": "pizwg-connect, hangup", "hangup-after": "pizwg-connect, hangup after 5 s",
          "socat": "socat, restarted"}
CUTS = {"host": "server gone for {:g} s", "network": "network cut for {:g} s", "power": "failover to a clone: the master loses power",
        "handover": "handover to a clone"}


def key(record):
    return record["how"], record["moment"], record["seconds"]


def wanted(short=False):
    """The keys of all outages, in the table's order."""
    found = [outage for place in outages.PLACES for outage in (outages.outages_of(place)[:1] if short else
                                                               outages.outages_of(place))]
    return [(outage.how, outage.moment, outage.seconds) for outage in found]


def seconds(records):
    value = statistics.median(math.inf if record["recovered_s"] is None else record["recovered_s"] for record in records)
    return "never" if math.isinf(value) else f"{value:.1f} s"


def in_some(word, flags):
    """The word, and in how many of the runs when not in all."""
    if not any(flags):
        return []
    return [word if all(flags) else f"{word} ({sum(flags)} of {len(flags)})"]


def cell(records):
    if not records:
        return "–"
    words = (in_some("lost", [record["lost"] for record in records]) +
             in_some("re-opened", [record["openings"] > 0 and not record["starts"] for record in records]) +
             in_some("**gave up**", [record["starts"] > 0 for record in records]))
    return ", ".join([seconds(records), *words])


def line(outage, records):
    how, moment, length = outage
    cells = [cell([record for record in records if record["uplink"] == uplink and key(record) == outage])
             for uplink in outages.UPLINKS]
    return f"| {CUTS[how].format(length)} | {moment} | {' | '.join(cells)} |"


def sums(records):
    """What counts in the end: of all outages, by uplink."""
    lines = []
    for uplink, title in TITLES.items():
        mine = [record for record in records if record["uplink"] == uplink]
        times = sorted(math.inf if record["recovered_s"] is None else record["recovered_s"] for record in mine)
        if not mine:
            continue
        worst = "never" if math.isinf(times[-1]) else f"{times[-1]:.1f} s"
        lines.append(f"| {title} | {len(mine)} | {statistics.median(times):.1f} s | {worst} "
                     f"| {sum(time > 3.0 for time in times)} | {sum(record['lost'] for record in mine)} "
                     f"| {sum(record['openings'] > 0 for record in mine)} | {sum(record['starts'] > 0 for record in mine)} |")
    return "\n".join(lines)


def is_complete(records, short):
    found = {(record["uplink"], *key(record)) for record in records}
    return found >= {(uplink, *outage) for uplink in outages.UPLINKS for outage in wanted(short)}


def kept(folder, measured_anew):
    """What the last run has of the uplinks that are not measured anew: where that was, and the records."""
    path = folder / "driver.json"
    before = json.loads(path.read_text()) if path.exists() else {"machines": {}, "records": []}
    return ({uplink: machine for uplink, machine in before["machines"].items() if uplink not in measured_anew},
            [record for record in before["records"] if record["uplink"] not in measured_anew])


def runs_of(machines):
    """When the figures were taken, of which state of the sources, and how many of each."""
    taken = {}
    for uplink in (uplink for uplink in outages.UPLINKS if uplink in machines):
        machine = machines[uplink]
        taken.setdefault((machine["date"], machine["commit"], machine["runs"]), []).append(TITLES[uplink])
    return "; ".join(f"{' and '.join(titles)}: {date} ({commit}), median of {runs}"
                     for (date, commit, runs), titles in taken.items())


def markdown(records, machines):
    lines = "\n".join(line(outage, records) for outage in wanted() if any(key(record) == outage for record in records))
    machine = next(iter(machines.values()))
    return f"""# What outages do to the Z-Wave JS driver

On {machine['processors']} x {machine['processor']}, Linux {machine['kernel']}, {machine['pizwgd']}, zwave-js 15.29.
{runs_of(machines)}.

The real driver on a client's machine, behind pizwg-connect with one policy or the other, or behind the first PiZWG's
socat command, started again a second after its end; simulated sticks (`pizwg-sim`). "Server gone": killed, and started
anew after that time; "network cut": every packet lost; the clones: two hosts as under *Failover*. Reproduce: `make
bench-driver`.

A figure is the time from the return of the uplink until a command has succeeded. The driver is idle when the outage begins, or
in the middle of a command, and is not asked for another one before the uplink is back. With the clones the time counts from the
fault, and an idle driver is asked after 2.0 s. *lost*: the command under way, or the first one after, failed. *re-opened*: the
driver opened its port once more, because that was closed, or of its own accord, as it does when its controller says
nothing for long. *gave up*: it failed for good and had to be started anew, which was done at once.

| outage | begins | {' | '.join(TITLES.values())} |
|---|---|---|---|---|---|
{lines}

All of them together:

| | outages | median | longest | longer than 3 s | with a command lost | with the port opened again | with a driver that gave up |
|---|---|---|---|---|---|---|---|
{sums(records)}"""


def write(text, records, machines, folder):
    results_file.write_part("driver", text, folder)
    (folder / "driver.json").write_text(json.dumps({"machines": machines, "records": records}, indent=1) + "\n")
