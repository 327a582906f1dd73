"""Debian's node exporter beside a daemon under test, on a port of loopback."""

import urllib.request

from lab.switch import NETWORK
from lab.waiting import until


def start_on(host):
    """On a host of the failover laboratory, as docs/metrics.md says; its address."""
    host.start_inside("prometheus-node-exporter", "--collector.textfile.directory=/run/pizwg/metrics",
                      "--collector.disable-defaults", "--collector.textfile", "--collector.time",
                      name=f"exporter-{host.name}")
    return f"{NETWORK}.{host.number}:9100"


class Exporter:
    def __init__(self, programs, folder, port=9100, name=None):
        self.address = f"127.0.0.1:{port}"
        self.program = programs.start("prometheus-node-exporter", f"--web.listen-address={self.address}",
                                      "--collector.disable-defaults", "--collector.textfile", "--collector.time",
                                      f"--collector.textfile.directory={folder}", name=name or f"exporter-{port}")
        until(self.answers, what=f"{self.address} answers")

    def page(self):
        with urllib.request.urlopen(f"http://{self.address}/metrics", timeout=10) as page:
            return page.read().decode()

    def answers(self):
        try:
            return self.page()
        except OSError:
            return None
