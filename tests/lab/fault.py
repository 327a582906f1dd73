"""One fault in a cluster, from the moment that it begins: what the client saw of it, and how long two gateways had power.
Each is recorded, for the bench: a JSON line in the file that PIZWG_FAILOVER_RECORD names, and on standard output."""

import json
import os
import time


class Fault:
    """Used as `with cluster.fault("…") as fault`: begins there. At its end the figures are taken, and unless `overlap` is
    allowed (a partition; a boot, at which the firmware powers the hub), no two gateways may have had power at once. Whatever
    it was, the client's application has not had to open its port again."""

    def __init__(self, cluster, name, overlap=False):
        self._cluster, self._name, self._overlap_allowed = cluster, name, overlap
        self.at = time.monotonic()
        self.mark = cluster.client.mark()
        self.outage = None  # seconds; the longest gap between answers, when the scenario sets nothing else
        self.overlap = None  # seconds with two energised gateways

    def __enter__(self):
        self.at = time.monotonic()
        self.mark = self._cluster.client.mark()
        return self

    def __exit__(self, kind, _failure, _trace):
        if kind is None:
            self._take_figures()

    def served_again(self, limit=30.0):
        """Waits for a new session of the client in which it is answered."""
        self._cluster.client.await_new_session(self.mark, limit)

    def served_by(self, host, limit=30.0):
        """The same, and that host serves."""
        self._cluster.await_state(host, "serving", limit)
        self.served_again(limit)

    def undisturbed(self):
        """The client goes on being answered, in the session that it has."""
        client = self._cluster.client
        client.await_answers()
        assert client.sessions_since(self.mark) == 0, "the client had to connect anew"

    def _take_figures(self):
        if self.outage is None:
            self.outage = self._cluster.client.outage(self.at)
        self.overlap = self._cluster.seconds_with_two_energised(self.at)
        figures = self._cluster.client.figures(self.at)
        record({"scenario": self._name, "outage_s": round(self.outage, 3),
                "two_energised_ms": round(self.overlap * 1000)} | figures)
        assert not figures.get("reopened"), "the application had to open its port again"
        if not self._overlap_allowed:
            assert self.overlap == 0.0, f"two gateways had power for {self.overlap * 1000:.0f} ms: {self._power()}"

    def _power(self):
        return {host.name: [(round(begin - self.at, 3), round(end - self.at, 3)) for begin, end in
                            host.hub.power_log.intervals() if end > self.at] for host in self._cluster.hosts}


def record(figures):
    line = json.dumps(figures)
    print(f"recorded: {line}")
    if path := os.environ.get("PIZWG_FAILOVER_RECORD"):
        with open(path, "a", encoding="utf-8") as records:
            records.write(line + "\n")
