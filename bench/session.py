"""One run of the bench: starts everything, measures row by row with the chains taking turns, and keeps every value."""

import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import faults
import identity
import process
from chains import KINDS, OURS_FOR_STREAMS, Chain, Host, wait_seconds
from lab.program import run

ROUNDS_SECONDS = 150  # on a busy machine there are fewer rounds, not a longer run


class Results:
    """values[row][chain] is a list, one value per round; notes say why something has none."""

    def __init__(self):
        self.values = {}
        self.notes = []
        self.integrity = {}
        self.machine = {}

    def add(self, row, chain, value):
        self.values.setdefault(row, {}).setdefault(chain, []).append(value)

    def note(self, text):
        self.notes.append(text)
        print(f"bench: {text}", file=sys.stderr)

    def median(self, row, chain):
        values = self.values.get(row, {}).get(chain)
        return statistics.median(values) if values else None


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def measure_all(plan, programs, folder):
    results = Results()
    results.machine = machine()
    # ser2net resolves its own port for the address families that the machine has; 127.0.0.1 alone does not count.
    run("ip", "address", "add", "10.78.0.1/32", "dev", "lo")
    say("making identities")
    identities = {keys: identity.make(folder / keys, keys) for keys in identity.KEYS}
    chains = start_chains(programs, folder, identities, results)
    measure_rounds(plan, chains, results)
    measure_idle(plan, chains, results)
    measure_stale(plan, chains, results)
    measure_integrity(plan, chains, results)
    programs.end_all()
    hosts = start_hosts(programs, folder, identities, results)
    measure_first_bytes(plan, hosts, results)
    for host in hosts:
        attempt(results, host, "silent connections", lambda h=host: faults.measure_silent(h, results))
    faults.measure_dead(plan, programs, [h for h in hosts if plan.rivals or h.kind.key == "ours"], results)
    return results


def attempt(results, host, what, measure):
    """A chain that fails at something has no value there, a note that says why, and goes on with the next."""
    try:
        return measure()
    except (AssertionError, subprocess.TimeoutExpired, OSError) as failure:
        results.note(f"{host.kind.title}: {what}: {str(failure).strip()}")
        return None


def start_chains(programs, folder, identities, results):
    chains = []
    for number, kind in enumerate(KINDS):
        say(f"starting {kind.title}")
        chain = Chain(programs, folder, kind, 4001 + number, identities)
        if attempt(results, chain, "start", lambda c=chain: c.start() or True):
            chains.append(chain)
    return chains


def start_hosts(programs, folder, identities, results):
    """Servers without clients, for the rows that are about connecting."""
    hosts = []
    for number, kind in enumerate(k for k in KINDS if k.server != "socat" and k.key in ("ours", "first", "tuned")):
        host = Host(programs, folder, kind, 4101 + number, identities, f"{kind.key}-host")
        host.start_probe()
        if attempt(results, host, "start", lambda h=host: h.start_server() or True):
            hosts.append(host)
    return hosts


def measure_rounds(plan, chains, results):
    start = time.monotonic()
    for number in range(plan.rounds):
        if time.monotonic() - start > ROUNDS_SECONDS:
            results.note(f"a busy machine: {number} of {plan.rounds} rounds in {ROUNDS_SECONDS} s, and no more")
            break
        say(f"round {number + 1} of {plan.rounds}")
        for measure in (measure_exchanges, measure_round_trips, measure_paced):
            for chain in chains:
                attempt(results, chain, measure.__name__.replace("_", " "),
                        lambda m=measure, c=chain: m(plan, c, results))
    for chain in chains:
        if chain.server:
            attempt(results, chain, "memory", lambda c=chain: measure_rss(c, results))


def measure_rss(chain, results):
    results.add("rss", chain.kind.key, process.rss_megabytes(chain.server.pid))
    results.add("client_rss", chain.kind.key, process.rss_megabytes(chain.client.pid))


def measure_exchanges(plan, chain, results):
    times = chain.probe.ask("exchanges", plan.exchanges, 5000)
    results.add("exchange_p50", chain.kind.key, times["p50_ms"])


def measure_paced(plan, chain, results):
    times = chain.probe.ask("paced_exchanges", plan.paced_exchanges, 5000)
    results.add("paced_p50", chain.kind.key, times["p50_ms"])
    results.add("paced_p90", chain.kind.key, times["p90_ms"])


def measure_round_trips(plan, chain, results):
    watched = {"cpu": chain.server.pid, "client_cpu": chain.client.pid} if chain.server else {}
    before = {row: process.cpu_seconds(pid) for row, pid in watched.items()}
    times = chain.probe.ask("round_trips", plan.round_trips)
    results.add("round_trip_p50", chain.kind.key, times["p50_ms"])
    results.add("round_trip_p99", chain.kind.key, times["p99_ms"])
    for row, pid in watched.items():
        used = process.cpu_seconds(pid) - before[row]
        results.add(row, chain.kind.key, used * 10000 / plan.round_trips)


def measure_idle(plan, chains, results):
    """All at the same time: nobody does anything."""
    served = [c for c in chains if c.server and c.server.process.poll() is None and c.client.process.poll() is None]
    wait_seconds(1)  # what the last measure left to be done
    say(f"idle for {plan.idle_seconds} s")
    before = {c.name: wakeups_of(c) for c in served}
    wait_seconds(plan.idle_seconds)
    for chain in served:
        for row, count in wakeups_of(chain).items():
            results.add(row, chain.kind.key, (count - before[chain.name][row]) * 10 / plan.idle_seconds)


def wakeups_of(chain):
    return {"wakeups": process.wakeups(chain.server.pid), "client_wakeups": process.wakeups(chain.client.pid)}


def measure_stale(plan, chains, results):
    """The bare line first: one pty's worth of buffers is what every chain has twice."""
    for chain in sorted(chains, key=lambda c: c.kind.key != "bare"):
        if chain.kind.key in (*OURS_FOR_STREAMS, "bare") or plan.rivals and chain.kind.key != "ours":
            say(f"a reader that stalls: {chain.kind.title}")
            attempt(results, chain, "stalled reader", lambda c=chain: stall(plan, c, results))


def stall(plan, chain, results):
    stalled = chain.probe.ask("stall", plan.stall_seconds)["on_the_way"]
    queued = process.queued_bytes(chain.port)
    verdict = chain.probe.ask("drain", 1)
    results.add("stale", chain.kind.key, stalled / 1024)
    if chain.server:
        ptys = 2 * (results.median("stale", "bare") or 0)
        results.add("stale_sockets", chain.kind.key, queued / 1024)
        results.add("stale_processes", chain.kind.key, max(0.0, (stalled - queued) / 1024 - ptys))
    if verdict["lost"] + verdict["corrupt"] + verdict["extra"]:
        results.note(f"{chain.kind.title}: after a stalled reader: {verdict}")


def measure_integrity(plan, chains, results):
    for chain in chains:
        if chain.kind.key in OURS_FOR_STREAMS:
            seconds = plan.stress_seconds if chain.kind.key == "ours_raw" else min(10, plan.stress_seconds)
            say(f"full rate both ways for {seconds} s: {chain.kind.title}")
            verdict = attempt(results, chain, "integrity",
                              lambda c=chain, s=seconds: c.probe.ask("stress", s, limit=s + 120))
            if verdict:
                results.integrity[chain.kind.key] = {"seconds": seconds, **verdict}
                note_starvation(chain, verdict, results)


def note_starvation(chain, verdict, results):
    """Nothing lost is not enough: a direction that hardly moves while the other one flows is a fault to look into."""
    moved = {way: verdict[way]["received"] for way in ("to_application", "to_gateway")}
    if min(moved.values()) * 20 < max(moved.values()):
        results.note(f"{chain.kind.title}: one direction starved at full rate, in bytes: {moved}")


def measure_first_bytes(plan, hosts, results):
    say("handshakes")
    for _ in range(min(3, plan.rounds)):
        for host in hosts:
            times = host.first_bytes(plan.first_bytes)
            if times:
                results.add("first_byte", host.kind.key, times["p50_ms"])
            else:
                results.note(f"{host.kind.title}: first byte: {plan.first_bytes} connections in a row did not succeed")


def machine():
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": processor(), "processors": os.cpu_count(), "kernel": platform.release(),
        "load_before": round(os.getloadavg()[0], 2),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "pizwgd": first_line("pizwgd", "--version"),
        "commit": first_line("git", "-C", Path(__file__).parent, "describe", "--always", "--dirty"),
        "ser2net": first_line("ser2net", "-v"), "socat": first_line("socat", "-V", containing="version"),
        "openssl": first_line("openssl", "version").split(" (")[0],
    }


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith(("model name", "Model")):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def first_line(*command, containing=""):
    result = run(*command, check=False)
    lines = [line for line in (result.stdout + result.stderr).splitlines() if containing in line]
    return lines[0].strip() if lines and result.returncode == 0 else "unknown"


