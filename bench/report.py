"""The results as a table for people and as JSON for programs."""

import json
import math
from dataclasses import asdict, dataclass

from chains import KINDS, OURS_FOR_STREAMS
import results_file


@dataclass(frozen=True)
class Row:
    key: str
    title: str
    unit: str
    digits: int
    budget: float | None  # at most this; None: the row only explains another
    beyond: str = ""      # what is written when there is no end to it
    bar: tuple[str, float] | None = None  # the fair bar: a chain, and its figure where the budget was set
    ours: str = "ours"    # which of our chains it is about


ROWS = [
    Row("exchange_p50", "Z-Wave exchange 5 ms after the last, p50", "ms", 2, 0.30, bar=("tuned", 0.40)),
    Row("paced_p50", "the same at 115200 baud pace, p50", "ms", 2, 8.9, bar=("tuned", 8.9)),
    Row("paced_p90", "the same at 115200 baud pace, p90", "ms", 2, 9.4, bar=("tuned", 9.8)),
    Row("round_trip_p50", "round trip of 48 bytes, p50", "ms", 3, 0.15, bar=("socat_tuned", 0.19)),
    Row("round_trip_p99", "round trip of 48 bytes, p99", "ms", 2, 1.0, bar=("socat_tuned", 1.3)),
    Row("cpu", "server CPU per 10k frames there and back", "s", 2, 0.35, bar=("socat_tuned", 0.45)),
    Row("rss", "server memory (RSS), connected", "MiB", 1, 10),
    Row("silent_rss", "... with 1,000 silent connections held", "MiB", 1, 12),
    Row("silent_entry", "... and a client gets in within", "ms", 1, 1000, "nobody gets in"),
    Row("silent_entry_more", "... with 1,100 held", "ms", 1, 1000, "nobody gets in"),
    Row("wakeups", "wake-ups of the server in 10 s, idle and connected", "", 0, 0),
    Row("first_byte", "connect, handshake, first byte echoed, p50", "ms", 1, 8),
    Row("client_cpu", "client CPU per 10k frames there and back", "s", 2, None),
    Row("client_rss", "client memory (RSS), connected", "MiB", 1, 8),
    Row("client_wakeups", "wake-ups of the client in 10 s, idle and connected", "", 0, 0),
    Row("stale_processes", "stale data when the reader stalls, in the processes", "KiB", 0, 64, ours="ours_raw"),
    Row("stale_sockets", "... in the kernel's sockets", "KiB", 0, None, ours="ours_raw"),
    Row("stale", "... in all, two ptys included", "KiB", 0, None, ours="ours_raw"),
    Row("dead_other", "dead client found and another one in", "s", 1, 5, "> {dead_limit_seconds} s"),
    Row("dead_same", "... the same identity in", "s", 2, 1, "> {dead_limit_seconds} s"),
]


def text_of(row, value, plan):
    if value is None:
        return "–"
    if math.isinf(value):
        return row.beyond.format(**asdict(plan))
    return f"{value:.{row.digits}f}"


def verdict(row, value):
    if row.budget is None:
        return ""
    if value is None:
        return "no value"
    # What is shown is what is compared: 0.300 and 0.304 are one figure at two digits.
    return "met" if round(value, row.digits if math.isfinite(value) else None) <= row.budget else "**missed**"


def ratio(other, ours):
    if other is None or ours is None or not ours:
        return "–"
    return "∞" if math.isinf(other) else f"{other / ours:.1f}"


def best_of_ours(results, row):
    return results.median(row.key, row.ours)


def table(results, plan):
    shown = [kind for kind in KINDS if any(kind.key in chains for chains in results.values.values())]
    titles = " | ".join(kind.title for kind in shown)
    lines = [f"| what | at most | {titles} | first / ours | tuned / ours | budget |", "|---|---|" + "---|" * (len(shown) + 3)]
    for row in ROWS:
        cells = [text_of(row, results.median(row.key, kind.key), plan) for kind in shown]
        ours = best_of_ours(results, row)
        budget = "" if row.budget is None else f"{row.budget:g}"
        lines.append(f"| {row.title}{', ' + row.unit if row.unit else ''} | {budget} | " + " | ".join(cells) +
                     f" | {ratio(results.median(row.key, 'first'), ours)}"
                     f" | {ratio(results.median(row.key, 'tuned'), ours)} | {verdict(row, ours)} |")
    return "\n".join(lines)


def scaled(results):
    """Budgets are figures of the machine on which they were set; this compares what does carry over: the ratio to the
    best of today's parts, tuned by hand, in the same run."""
    titles = {kind.key: kind.title for kind in KINDS}
    lines = ["| what | fair bar | its figure where the budget was set, and here | budget / bar | ours / bar | |",
             "|---|---|---|---|---|---|"]
    for row in ROWS:
        ours = best_of_ours(results, row)
        here = results.median(row.key, row.bar[0]) if row.bar else None
        if not here or ours is None:
            continue
        allowed, reached = row.budget / row.bar[1], ours / here
        lines.append(f"| {row.title} | {titles[row.bar[0]]} | {row.bar[1]:g} and {text_of(row, here, None)} {row.unit} "
                     f"| {allowed:.2f} | {reached:.2f} | {'met' if reached <= allowed else '**missed**'} |")
    return "\n".join(lines)


def integrity(results):
    titles = {kind.key: kind.title for kind in KINDS}
    lines = []
    for key, both in results.integrity.items():
        for way, faults in ((w, both[w]) for w in ("to_application", "to_gateway")):
            lines.append(f"- {titles[key]}, {both['seconds']:g} s, {way.replace('_', ' the ')}: "
                         f"{faults['sent'] / 1e6 / both['seconds']:.1f} MB/s, {faults['lost']} bytes lost, {faults['corrupt']} corrupt, "
                         f"{faults['extra']} extra")
    return "\n".join(lines) or "- not measured"


def missed(results, plan):
    lines = []
    for row in ROWS:
        value = best_of_ours(results, row)
        if verdict(row, value) not in ("", "met"):
            lines.append(f"- {row.title}: {text_of(row, value, plan)} {row.unit}, at most {row.budget:g}")
    return "\n".join(lines) or "- none"


def markdown(results, plan):
    m = results.machine
    notes = "\n".join(f"- {note.splitlines()[0]}" for note in results.notes) or "- none"
    return f"""# Bench

{m['date']}, on {m['processors']} x {m['processor']}, {m['memory_mib']} MiB, Linux {m['kernel']}, load {m['load_before']}
before the run. {m['pizwgd']} ({m['commit']}); {m['ser2net']}; {m['socat']}; {m['openssl']}.

Everything runs on this one machine, over loopback, in a network namespace of its own. The chains take turns in
{plan.rounds} round(s); a figure is the median of the rounds' figures. Ratios are to the first column; where that has no figure,
to the second. Reproduce: `make bench`.

{table(results, plan)}

Budgets missed by ours, as absolute figures:

{missed(results, plan)}

The same as ratios, as machines differ:

{scaled(results)}

Where the time goes: a profile of pizwgd in the round trip (perf by hand, once: not a figure of this run) has 76 % in the
kernel, 13 % in OpenSSL and 11 % in pizwgd and the C library. The kernel's part is waking and switching processes, ptys and
TCP on loopback, which every chain needs as often: it bounds how far any of them can get ahead of the others on a machine whose
idle processors are slow to wake. pizwgd makes four system calls a record: wait, read, write, and asking to be told of more.

Integrity at full rate both ways, each reader stalling one second in six:

{integrity(results)}

What the rows mean:

- An exchange is a frame of 48 bytes, its ACK and a response of 48 bytes, and the response's ACK, until the gateway has it.
  A round trip is 48 bytes there and back, each as soon as the last one is complete.
- "first PiZWG" is its ser2net.yaml and its socat command, with RSA-4096 keys as its setup made them; all others use P-256.
  "tuned": `chardelay: false`, `tcp(nodelay)`; socat `nodelay`. The socat server serves one connection and then ends.
- pizwg-connect passes whole frames only (`--framing zwave`, the default), or bytes as they come (`--framing none`). Streams of
  arbitrary bytes are no traffic for the first, so the rows and lines about them are of the second.
- Servers run with 1,024 open files, which is what a service gets by default.
- Stale data: the gateway floods for 2 s, then the application reads nothing for {plan.stall_seconds} s; what the gateway gave
  away and the application has not read is on the way: in two ptys (the bare pty's figure, twice), in the sockets (as
  /proc/net/tcp has it) and, the rest, in the buffers of server and client.
- A dead client: its network is cut without FIN or reset while it is connected and idle; another one tries until it is served.

Notes of this run:

{notes}
"""


def missing_of_ours(results):
    """The rows of ours without a value, and the integrity that is not perfect."""
    missing = [row.title for row in ROWS if best_of_ours(results, row) is None]
    for key in OURS_FOR_STREAMS:
        both = results.integrity.get(key)
        faults = [both[way][what] for way in ("to_application", "to_gateway")
                  for what in ("lost", "corrupt", "extra")] if both else [1]
        moved = both and both["to_application"]["received"] and both["to_gateway"]["received"]
        if any(faults) or not moved:
            missing.append(f"integrity ({key})")
    return missing


def write(results, text, plan, folder):
    folder.mkdir(parents=True, exist_ok=True)
    results_file.write_rest(text, folder)
    rows = {row.key: {"title": row.title, "unit": row.unit, "budget": row.budget,
                      "values": {chain: [v if math.isfinite(v) else "beyond the limit" for v in values]
                                 for chain, values in results.values.get(row.key, {}).items()}} for row in ROWS}
    everything = {"machine": results.machine, "plan": asdict(plan), "chains": {k.key: asdict(k) for k in KINDS},
                  "rows": rows, "integrity": results.integrity, "notes": results.notes}
    (folder / "results.json").write_text(json.dumps(everything, indent=2, ensure_ascii=False) + "\n")
