"""The servers that are measured: how each is started afresh, and how the generator talks to it."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import processes
from .history import talk
from .scenarios import Scenario

COOKIE = "Cookie: access_token={access_token}; refresh_token={refresh_token}"
OPENING = ("user-id", "personal-chat-list", "group-chat-list")


@dataclass
class Running:
    """A server that listens, and the generator's arguments that it needs."""

    pid: int
    port: int
    folder: Path
    arguments: list[str]
    admin: int | None = None
    """The port of its admin listener, if it has one."""


@dataclass(frozen=True)
class Peer:
    """A server of the yardstick. `command` starts it, but for the port."""

    name: str
    command: tuple[str, ...]
    speaks: tuple[str, ...] = ("chatload",)

    @contextlib.contextmanager
    def started(self, scenario: Scenario, prefix: list[str]) -> Iterator[Running]:
        """The server with an empty database."""
        port = processes.free_port()
        workers = [] if scenario.pinned else ["--workers", "2"]
        with tempfile.TemporaryDirectory(prefix="greenroom-bench-") as home:
            place = ["--port", str(port), "--db", f"{home}/chat.sqlite"]
            command = [*prefix, *self.command, *place, *scenario.peer.split(), *workers]
            with processes.running(command, port, Path(home)) as process:
                yield Running(process.pid, port, Path(home), [])


@dataclass(frozen=True)
class Greenroom:
    """The server under test, at one setting of `database.synchronous`."""

    name: str
    binary: Path
    synchronous: str
    settings: dict[str, str] = field(default_factory=dict)
    speaks: tuple[str, ...] = ("chatload", "polling", "team", "files", "found", "hints")

    @contextlib.contextmanager
    def started(self, scenario: Scenario, prefix: list[str]) -> Iterator[Running]:
        """The server with a population of its own, and with messages only if the scenario wants some."""
        with tempfile.TemporaryDirectory(prefix="greenroom-bench-") as scratch:
            home = Path(scratch) / "home"
            shutil.copytree(self.population(scenario.users, scenario.groups, scenario.talk), home)
            with self.serving(home, scenario, prefix) as running:
                yield running

    @contextlib.contextmanager
    def serving(self, home: Path, scenario: Scenario, prefix: list[str]) -> Iterator[Running]:
        """The server on the data in `home`."""
        port, admin = processes.free_port(), processes.free_port()
        settings = {"server.listen": f"127.0.0.1:{port}", "server.admin_listen": f"127.0.0.1:{admin}"}
        if not scenario.pinned:
            settings |= {"server.workers": "2", "actors.arbiters": "2"}
        with processes.running([*prefix, str(self.binary)], port, home, self.environment(settings)) as process:
            events = OPENING if scenario.load.startswith("churn") else OPENING[:1]
            login = ["--profile", "expresschat", "--users-file", str(home / "users.json"), "--header", COOKIE]
            asked = [word for event in events for word in ("--initial-event", event)]
            yield Running(process.pid, port, home, [*login, *asked, "--ack", "sio"], admin)

    def population(self, users: int, groups: str, messages: int = 0) -> Path:
        """A folder with so many users, their tokens in users.json, and what they said in groups. Made once in a session."""
        if messages:
            home = seeds() / f"{self.binary.stat().st_ino}-{users}-{groups}-{messages}"
            if not home.is_dir():
                shutil.copytree(self.population(users, groups), home)
                talk(home, messages)
            return home
        home = seeds() / f"{self.binary.stat().st_ino}-{users}-{groups}"
        if not (home / "users.json").is_file():
            home.mkdir(parents=True, exist_ok=True)
            command = [str(self.binary), "seed", "--users", str(users), "--groups", groups, "--out", "users.json"]
            seeded = subprocess.run(
                command, cwd=home, env=self.environment({}), timeout=600, capture_output=True, text=True
            )
            if seeded.returncode != 0:
                raise RuntimeError(f"no population: {seeded.stderr}")
        return home

    def environment(self, settings: dict[str, str]) -> dict[str, str]:
        """The caller's environment with no settings in it but these and those of every measurement."""
        own = {
            "server.admin_listen": "127.0.0.1:0",
            "limits.enabled": "false",
            "limits.group_members": "1000",
            "files.quota_per_user": "100GiB",
            "database.synchronous": self.synchronous,
        }
        named = {
            f"GREENROOM__{key.upper().replace('.', '__')}": value
            for key, value in (own | self.settings | settings).items()
        }
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("GREENROOM__")}
        return inherited | {"RUST_LOG": "warn"} | named


_seeds: list[tempfile.TemporaryDirectory] = []


def seeds() -> Path:
    """Where populations are kept until this program ends."""
    if not _seeds:
        _seeds.append(tempfile.TemporaryDirectory(prefix="greenroom-seeds-"))
    return Path(_seeds[0].name)


def peers(binaries: Path, node: Path | None) -> list[Peer]:
    """The yardstick's servers, those that acknowledge. All that persist do so with `synchronous = normal`."""
    known = [
        Peer("raw-ws", (str(binaries / "raw-ws"), "--ack")),
        Peer("actix-raw", (str(binaries / "actix-raw"), "--ack")),
        Peer("actix-tcp", (str(binaries / "actix-tcp"), "--ack")),
        Peer("socketioxide", (str(binaries / "peer-socketioxide"),), ("chatload", "polling")),
    ]
    return known + ([Peer("node-socketio", ("node", str(node)), ("chatload", "polling"))] if node else [])
