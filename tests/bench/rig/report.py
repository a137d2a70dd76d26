"""From single measurements to one table: medians, spreads, and ratios taken within a round."""

import statistics
from collections.abc import Iterable

from .measure import faults
from .scenarios import SCENARIOS, Figure, Scenario

FLOOR = "raw-ws"
RIVAL = "socketioxide"
Record = dict


def table(records: list[Record]) -> str:
    """A line for every scenario, figure and server."""
    head = ["scenario", "server", "figure", "median (min..max)", f"/ {FLOOR}", f"/ {RIVAL}"]
    head += ["per s", "p50 ms", "p99 ms", "ack p50 ms", "load %", "faults", "goal"]
    rows = [row for scenario in SCENARIOS for figure in scenario.figures for row in lines(scenario, figure, records)]
    return markdown(head, rows)


def lines(scenario: Scenario, figure: Figure, records: list[Record]) -> Iterable[list[str]]:
    """The lines of one figure: a server each."""
    mine = [record for record in records if record["scenario"] == scenario.name]
    for server in dict.fromkeys(record["server"] for record in mine):
        runs = [record for record in mine if record["server"] == server]
        against = {rival: ratios(figure, runs, mine, rival) for rival in (FLOOR, RIVAL)}
        yield [
            scenario.name,
            server,
            figure.unit,
            spread(values(figure.key, runs)),
            spread(against[FLOOR]),
            spread(against[RIVAL]),
            spread(values("delivered_per_s", runs) or values("cycles_per_s", runs) or values("handshakes_per_s", runs)),
            spread(values("latency.p50_us", runs), 1e-3),
            spread(values("latency.p99_us", runs), 1e-3),
            spread(values("ack_latency.p50_us", runs), 1e-3),
            spread(values("generator_cpu_percent", runs)),
            troubles(runs),
            verdict(figure, server, values(figure.key, runs), against[RIVAL]),
        ]


def values(path: str, runs: Iterable[Record]) -> list[float]:
    """One number of each run that has it."""
    found = []
    for run in runs:
        value = run["report"]
        for key in path.split("."):
            value = (value or {}).get(key)
        if value is not None:
            found.append(value)
    return found


def ratios(figure: Figure, runs: list[Record], all_runs: list[Record], rival: str) -> list[float]:
    """Each run's figure divided by the rival's of the same round."""
    base = {run["round"]: value for run in all_runs if run["server"] == rival for value in values(figure.key, [run])}
    mine = [(run["round"], value) for run in runs for value in values(figure.key, [run])]
    return [value / base[number] for number, value in mine if base.get(number)]


def verdict(figure: Figure, server: str, found: list[float], against: list[float]) -> str:
    """Whether the server under test is where it should be, in absolute numbers and beside its rival."""
    if figure.goal is None or not server.startswith("greenroom") or not found:
        return ""
    said = [f"{mark(statistics.median(found), figure.goal)} {number(figure.goal)}"]
    if figure.share is not None and against:
        said.append(f"{mark(statistics.median(against), figure.share)} {number(figure.share)} of {RIVAL}")
    return ", ".join(said)


def mark(found: float, most: float) -> str:
    """In words that can be searched for."""
    return "within" if found <= most else "OVER"


def troubles(runs: list[Record]) -> str:
    """What must not have happened, added up, and runs that failed."""
    total: dict[str, int] = {}
    for run in runs:
        for name, count in faults(run["report"]).items():
            total[name] = total.get(name, 0) + count
    said = [f"{name} {count}" for name, count in total.items()]
    said += [f"FAILED: {run['report']['failure']}" for run in runs if "failure" in run["report"]]
    return "; ".join(said).replace("\n", " ").replace("|", "/") or "none"


def spread(found: list[float], scale: float = 1) -> str:
    """The median, and the range if there is one."""
    if not found:
        return "-"
    scaled = [value * scale for value in found]
    middle = number(statistics.median(scaled))
    return middle if len(scaled) == 1 else f"{middle} ({number(min(scaled))}..{number(max(scaled))})"


def number(value: float) -> str:
    """Three digits that matter."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """A table that reads well as it is."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in [head, rule, *rows]
    )
