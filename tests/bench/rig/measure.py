"""One measurement: a fresh server, the generator, and what the generator reports."""

import json
import subprocess
import sys
from pathlib import Path

from . import places
from .scenarios import Scenario
from .servers import Greenroom, Peer, Running

FAULTS = (
    "lost",
    "duplicated",
    "out_of_order",
    "misdelivered",
    "acks_missing",
    "acks_duplicated",
    "failed",
    "dropped",
)
HERE = Path(__file__).parent
CONNECTING_S = 180


def measure(
    scenario: Scenario, server: Peer | Greenroom, generator: Path, seconds: float, warmup: float, out: Path
) -> dict:
    """Runs the scenario once and returns the generator's report, or what went wrong as `failure`."""
    cores = places.cores() if scenario.pinned else None
    pin = [["taskset", "--cpu-list", core] for core in cores] if cores else [[], []]
    load = scenario.load.format(seconds=seconds, warmup=warmup).split()
    try:
        with server.started(scenario, pin[0]) as running:
            theirs = scenario.generator == "chatload"
            command = [str(generator), *load, *sockets(running)] if theirs else own(scenario.generator, load, running)
            patience = CONNECTING_S + seconds + warmup + 60
            done = subprocess.run(
                [*pin[1], *command, "--json", str(out)], capture_output=True, text=True, timeout=patience
            )
        if done.returncode != 0:
            return {"failure": last_line(done.stderr) or f"the generator ended with {done.returncode}"}
        return json.loads(out.read_text())
    except (RuntimeError, subprocess.SubprocessError, OSError, ValueError) as error:
        return {"failure": last_line(str(error))}


def last_line(text: str) -> str:
    """What an error comes to, short enough for a table."""
    lines = text.strip().splitlines() or [""]
    return lines[-1][-120:]


def sockets(running: Running) -> list[str]:
    """The arguments of chatload that name the server."""
    place = ["--url", f"ws://127.0.0.1:{running.port}/socket.io/", "--pid", str(running.pid)]
    return [*running.arguments, *place]


def own(generator: str, load: list[str], running: Running) -> list[str]:
    """The command of a generator of our own."""
    users = running.folder / "users.json"
    login = ["--users-file", str(users)] if users.is_file() else []
    place = ["--port", str(running.port), "--pid", str(running.pid)]
    watch = ["--admin", str(running.admin)] if generator == "found" else []
    return [sys.executable, str(HERE / "load.py"), generator, *load, *login, *place, *watch]


def faults(report: dict) -> dict[str, int]:
    """What must not happen, and how often it did."""
    return {name: report[name] for name in FAULTS if report.get(name)}
