"""A small generator for searches: somebody looks for words of every kind in turn, among what is in the index already."""

import argparse
import json
import statistics
import time
from pathlib import Path

from .client import Client, cpu_ms
from .history import SEED
from .watch import Watch
from .words import Speech


def searches(client: Client, queries: list[str], pages: int) -> list[float]:
    """So many first pages of a kind, one after the other. Returns how long each took, in seconds. On a machine that is
    busy with something else one may be given up, which is told as it took."""
    times = []
    for at in range(pages):
        begun = time.monotonic()
        answer = client.ask("search-messages", {"Query": queries[at % len(queries)]})
        times.append(time.monotonic() - begun)
        if not answer["Ok"] and answer["Code"] != "unavailable":
            raise ConnectionError(f"a search is refused: {answer}")
    return times


def run(options: argparse.Namespace) -> dict:
    """The whole load, and its report."""
    Watch(options.admin).until_indexed()
    user = json.loads(Path(options.users_file).read_text())[0]
    client = Client(options.port, user)
    queries = [query for kind in Speech(SEED).queries().values() for query in kind]
    warm = time.monotonic() + options.warmup
    while time.monotonic() < warm:
        searches(client, queries, len(queries))
    used, until, times = cpu_ms(options.pid), time.monotonic() + options.duration, []
    while time.monotonic() < until:
        times += searches(client, queries, len(queries))
    used = cpu_ms(options.pid) - used
    client.close()
    at = statistics.quantiles((1e6 * taken for taken in times), n=100)
    return {
        "cpu_ms_per_page": round(used / len(times), 3),
        "pages": len(times),
        "latency": {"p50_us": at[49], "p99_us": at[98]},
    }


def main() -> None:
    """Reads the command line, runs, and writes the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--admin", type=int, required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--warmup", type=float, default=1)
    parser.add_argument("--duration", type=float, default=5)
    parser.add_argument("--users-file", required=True)
    parser.add_argument("--json", required=True)
    options = parser.parse_args()
    Path(options.json).write_text(json.dumps(run(options)))
