"""Builds the server under test, the load generator and the peers."""

import os
import shutil
import subprocess
from pathlib import Path

from . import places

COPY = places.CACHE / "src"
TARGET = Path(os.environ.get("BENCH_TARGET_DIR") or places.CACHE / "target")


def yardstick(programs: set[str]) -> Path:
    """Builds `programs` of a copy of the yardstick, whose own folder stays clean. Returns the folder of the binaries.

    BENCH_BIN names a folder that has them already."""
    if built := os.environ.get("BENCH_BIN"):
        return Path(built).resolve()
    copy()
    packages = [word for program in sorted(programs) for word in ("--package", program)]
    cargo(["build", "--release", *packages], COPY, TARGET)
    return TARGET / "release"


def copy() -> None:
    """Brings the copy of the yardstick's sources up to date."""
    unwanted = shutil.ignore_patterns("target", "node_modules", ".git")
    shutil.copytree(places.yardstick(), COPY, ignore=unwanted, dirs_exist_ok=True)


def node_peer() -> Path:
    """Installs the Node peer's packages, once. Returns its program."""
    copy()
    home = COPY / "peers" / "node-socketio"
    if not (home / "node_modules" / "better-sqlite3" / "build" / "Release" / "better_sqlite3.node").is_file():
        subprocess.run(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"], cwd=home, check=True)
        subprocess.run(["npm", "rebuild", "better-sqlite3"], cwd=home, check=True)
    return home / "server.js"


def greenroom() -> Path:
    """The server as it is released."""
    cargo(["build", "--release", "--bin", "greenroom"], places.ROOT, places.BUILD_CACHE)
    return places.BUILD_CACHE / "release" / "greenroom"


def cargo(arguments: list[str], folder: Path, target: Path) -> None:
    """Runs cargo in `folder`, with its output in `target`."""
    subprocess.run(["cargo", *arguments], cwd=folder, env=os.environ | {"CARGO_TARGET_DIR": str(target)}, check=True)
