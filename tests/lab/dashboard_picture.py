"""Draws the dashboard as an SVG: its panels, its queries, from a Prometheus' answers. Not Grafana, only near it: a picture
for the documentation that nobody has to make by hand."""

from html import escape

from lab.prometheus import expression_of, panels

COLUMN, ROW, GAP = 50, 30, 6  # of Grafana's grid of 24 columns, in pixels
PALETTE = ["#73bf69", "#5794f2", "#f2cc0c", "#ff9830", "#b877d9", "#f2495c", "#8ab8ff"]
COLOURS = {"green": "#73bf69", "yellow": "#f2cc0c", "orange": "#ff9830", "red": "#f2495c", "blue": "#5794f2",
           "text": "#8e8e8e"}
HEAD = 22
INTERVAL = "5s"  # of rates: the whole picture spans a minute or two


def draw(prometheus, start, end, path):
    shown = panels()
    width = 24 * COLUMN
    height = max(p["gridPos"]["y"] + p["gridPos"]["h"] for p in shown) * ROW
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
             'font-family="sans-serif" font-size="12">', f'<rect width="{width}" height="{height}" fill="#111217"/>']
    for panel in shown:
        parts.append(Panel(panel, prometheus, start, end).svg())
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join([*parts, "</svg>"]) + "\n")


class Panel:
    def __init__(self, panel, prometheus, start, end):
        self.panel, self.prometheus, self.start, self.end = panel, prometheus, start, end
        grid = panel["gridPos"]
        self.x, self.y = grid["x"] * COLUMN, grid["y"] * ROW
        self.width, self.height = grid["w"] * COLUMN - GAP, grid["h"] * ROW - GAP
        self.defaults = panel["fieldConfig"]["defaults"]

    def svg(self):
        draw_kind = {"stat": self._stat, "state-timeline": self._timeline, "timeseries": self._graph,
                     "bargauge": self._bars, "table": self._table}[self.panel["type"]]
        return "\n".join([f'<g transform="translate({self.x} {self.y})">',
                          f'<rect width="{self.width}" height="{self.height}" rx="3" fill="#181b1f"/>',
                          text(8, 16, self.panel["title"], "#d8d9da"), *draw_kind(), "</g>"])

    # --- the answers

    def _series(self):
        """[(legend, [(time, value)])] over the whole time."""
        step = max((self.end - self.start) / 400, 0.5)
        found = []
        for target in self.panel["targets"]:
            for one in self.prometheus.query_range(expression_of(target, INTERVAL), self.start, self.end, step):
                points = [(float(at), float(value)) for at, value in one["values"]]
                found.append((legend(target, one["metric"]), points))
        return found

    def _values(self):
        """[(legend, value)] at the end."""
        found = []
        for target in self.panel["targets"]:
            for one in self.prometheus.query(expression_of(target, INTERVAL), time=self.end):
                found.append((legend(target, one["metric"]), float(one["value"][1])))
        return found

    def _meaning(self, value):
        """(text, colour) of a value, by mappings or thresholds."""
        for mapping in self.defaults.get("mappings", []):
            found = mapping["options"].get(f"{value:g}")
            if found:
                return found["text"], COLOURS[found["color"]]
        colour = COLOURS["green"]
        for step in self.defaults.get("thresholds", {}).get("steps", []):
            if step["value"] is None or value >= step["value"]:
                colour = COLOURS[step["color"]]
        return with_unit(value, self.defaults.get("unit")), colour

    def _at(self, time):
        return 8 + (time - self.start) / (self.end - self.start) * (self.width - 16)

    # --- the kinds

    def _stat(self):
        values = self._values() or [("", float("nan"))]
        height = (self.height - HEAD - 6) / len(values)
        for row, (name, value) in enumerate(values):
            said, colour = ("no data", "#8e8e8e") if value != value else self._meaning(value)
            top = HEAD + row * height
            yield f'<rect x="4" y="{top:.0f}" width="{self.width - 8}" height="{height - 2:.0f}" fill="{colour}"/>'
            shown = f"{name}  {said}".strip()
            size = min(15, self.width / len(shown) * 1.6)
            yield text(self.width / 2, top + height / 2 + 5, shown, "#111217", "middle", f"{size:.0f}")

    def _timeline(self):
        series = by_name(self._series())
        height = (self.height - HEAD - 20) / max(len(series), 1)
        for row, (name, points) in enumerate(sorted(series.items())):
            top = HEAD + row * height
            for begin, until, value in runs(points, (self.end - self.start) / 100):
                said, colour = self._meaning(value)
                x, wide = self._at(begin), max(self._at(until) - self._at(begin), 1)
                yield f'<rect x="{x:.1f}" y="{top + 14:.0f}" width="{wide:.1f}" height="{height - 18:.0f}" fill="{colour}"/>'
                if wide > 7 * len(said):
                    yield text(x + wide / 2, top + 14 + (height - 18) / 2 + 4, said, "#111217", "middle", 11)
            yield text(8, top + 11, name, "#9fa7b3", size=11)
        yield from self._time_axis()

    def _graph(self):
        series = by_name(self._series())
        top, bottom = HEAD + 4, self.height - 34
        most = max([value for points in series.values() for _, value in points] + [0]) or 1
        yield text(self.width - 8, top + 10, with_unit(most, self.defaults.get("unit")), "#9fa7b3", "end", 10)
        bars = self.defaults["custom"].get("drawStyle") in ("bars", "points")
        left = 8
        for row, (name, points) in enumerate(sorted(series.items())):
            colour = PALETTE[row % len(PALETTE)]
            placed = [(self._at(at), bottom - value / most * (bottom - top - 12)) for at, value in points]
            if bars:
                yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.8" fill="{colour}"/>' for x, y in placed if y < bottom)
            else:
                line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
                yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
            if left + 6.2 * len(name) < self.width:  # what has no room is left out
                yield text(left, self.height - 18, name, colour, size=10)
            left += 6.2 * len(name) + 12
        yield from self._time_axis()

    def _bars(self):
        values = sorted(self._values())
        unit = self.defaults.get("unit")
        most = max([value for _, value in values] + [1])
        for row, (name, value) in enumerate(values):
            top = HEAD + 6 + row * 34
            _, colour = self._meaning(value)
            yield text(8, top + 10, f"{name}: {with_unit(value, unit)}", "#d8d9da", size=11)
            wide = max(value / most, 0.005) * (self.width - 16)
            yield f'<rect x="8" y="{top + 14}" width="{wide:.0f}" height="12" fill="{colour}"/>'

    def _table(self):
        seen = {}
        for one in self.prometheus.query_range(expression_of(self.panel["targets"][0], INTERVAL), self.start, self.end, 1):
            labels = one["metric"]
            seen[labels["alertname"], labels.get("instance", labels.get("cluster", "")), labels["alertstate"]] = \
                len(one["values"])
        for row, ((name, where, state), seconds) in enumerate(sorted(seen.items())[:8]):
            yield text(8, HEAD + 14 + row * 17, f"{name}   {where}   {state} for {seconds} s", "#d8d9da", size=11)

    def _time_axis(self):
        for share in (0, 0.25, 0.5, 0.75, 1):
            seconds = share * (self.end - self.start)
            anchor = "start" if share == 0 else "end" if share == 1 else "middle"
            yield text(self._at(self.start + seconds), self.height - 4, f"{seconds:.0f} s", "#6e7681", anchor, 9)


def text(x, y, said, colour, anchor="start", size=12):
    return (f'<text x="{x:.0f}" y="{y:.0f}" fill="{colour}" text-anchor="{anchor}" font-size="{size}">'
            f"{escape(said)}</text>")


def legend(target, labels):
    said = target["legendFormat"]
    for name, value in labels.items():
        said = said.replace("{{%s}}" % name, value)
    return said


def by_name(series):
    """A host that was started anew has one series before and one after."""
    merged = {}
    for name, points in series:
        merged.setdefault(name, []).extend(points)
    return {name: sorted(points) for name, points in merged.items()}


def runs(points, gap):
    """[(from, to, value)]: equal values in a row; a hole in the answers ends a run."""
    found = []
    for at, value in points:
        if found and found[-1][2] == value and at - found[-1][1] < gap:
            found[-1] = (found[-1][0], at, value)
        else:
            if found and at - found[-1][1] < gap:
                found[-1] = (found[-1][0], at, found[-1][2])
            found.append((at, at, value))
    return found


def with_unit(value, unit):
    number = f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
    return f"{number} {({'s': 's', 'd': 'days', 'Bps': 'B/s'}).get(unit, '')}".strip()
