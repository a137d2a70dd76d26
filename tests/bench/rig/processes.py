"""Processes that are started here and ended by their own pid, whatever happens."""

import contextlib
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

STARTING_S = 60
STOPPING_S = 15


def prepare() -> None:
    """Open files as many as allowed, and an orderly end on SIGTERM as on Ctrl-C."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))


def free_port() -> int:
    """A port that was free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(
    command: list[str], port: int, folder: Path, env: dict[str, str] | None = None
) -> Iterator[subprocess.Popen]:
    """A server from the moment it listens on `port` until the block ends."""
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            await_port(process, port, folder)
            yield process
        finally:
            end(process)


def await_port(process: subprocess.Popen, port: int, folder: Path) -> None:
    """Returns once the server takes connections."""
    until = time.monotonic() + STARTING_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("the server ended early: " + (folder / "server.log").read_text(errors="replace")[-500:])
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            return
        time.sleep(0.02)
    raise RuntimeError(f"the server did not listen within {STARTING_S} s")


def end(process: subprocess.Popen) -> None:
    """Asks the process to stop, and makes it if it does not."""
    process.terminate()
    try:
        process.wait(STOPPING_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
