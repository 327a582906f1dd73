"""A real Prometheus with this repository's rules, which scrapes hosts of a scenario, and its dashboard's queries."""

import json
import re
import shutil
import urllib.parse
import urllib.request
from pathlib import Path

from lab.waiting import until

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARD = DEPLOY / "grafana/pizwg.json"
SHORT = "1s"  # what is every 15 s in deploy/


class Prometheus:
    def __init__(self, programs, targets, port=9090):
        folder = programs.folder / "prometheus"
        folder.mkdir()
        shutil.copy(DEPLOY / "prometheus/pizwg.rules.yml", folder)
        config = (DEPLOY / "prometheus/prometheus.yml").read_text()
        config = re.sub(r"_interval: 15s", f"_interval: {SHORT}", config)
        config, replaced = re.subn(r"targets: \[.*\]", f"targets: {json.dumps(targets)}", config)
        assert replaced == 1
        (folder / "prometheus.yml").write_text(config)
        self.address = f"http://127.0.0.1:{port}"
        self.program = programs.start("prometheus", f"--config.file={folder}/prometheus.yml",
                                      f"--storage.tsdb.path={folder}/data",
                                      f"--web.listen-address=127.0.0.1:{port}", name="prometheus")
        until(lambda: self._answers(), 60, "Prometheus answers")

    def _answers(self):
        try:
            return self.query("vector(1)")
        except OSError:
            return None

    def _get(self, path, **parameters):
        url = f"{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=20) as answer:
            return json.load(answer)["data"]

    def query(self, expression, **parameters):
        return self._get("query", query=expression, **parameters)["result"]

    def query_range(self, expression, start, end, step):
        return self._get("query_range", query=expression, start=start, end=end, step=step)["result"]

    def has_had(self, expression):
        """Whether it gave something at any time since the beginning."""
        return bool(self.query(f"count_over_time(({expression})[1h:1s])"))

    def rules(self):
        return [rule for group in self._get("rules")["groups"] for rule in group["rules"]]

    def firing(self):
        """The names of the alerts that fire."""
        return {alert["labels"]["alertname"] for alert in self._get("alerts")["alerts"] if alert["state"] == "firing"}


def panels():
    return json.loads(DASHBOARD.read_text())["panels"]


def expression_of(target, interval="1m"):
    """As Grafana would ask, all clusters being selected."""
    return target["expr"].replace("$__rate_interval", interval).replace("$cluster", ".*")
