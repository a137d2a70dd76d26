"""Where things are: the yardstick beside the checkout, and caches and results outside of it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "greenroom" / "bench"
BUILD_CACHE = Path(os.environ.get("CARGO_TARGET_DIR") or CACHE.parent / "target")


def yardstick() -> Path:
    """The folder of the load generator and the peers; never written to."""
    folder = Path(os.environ.get("BENCH_DIR") or ROOT.parent / "shared" / "bench").resolve()
    if not (folder / "chatload" / "Cargo.toml").is_file():
        sys.exit(
            f"There is no load generator in {folder}: it is expected in ../shared/bench beside the checkout.\n"
            "Name the folder that holds chatload/ and peers/ in BENCH_DIR."
        )
    return folder


def cores() -> tuple[str, str] | None:
    """One core for the server and one for the generator, if there are two."""
    usable = sorted(os.sched_getaffinity(0))
    return (str(usable[0]), str(usable[1])) if len(usable) >= 2 else None
