"""Starts the conformance server on a port of its own choosing, and takes it down by its own pid."""

import os
import re
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
STOPPING_S = 15
# A busy machine may keep a client waiting for longer than the test suites would.
PING_TIMEOUT_MS = "5000"


def binary():
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return os.path.abspath(os.environ.get("PROTOCOL_ECHO_BIN", target / "debug" / "examples" / "protocol_echo"))


class Echo:
    def __init__(self, ping_timeout=PING_TIMEOUT_MS):
        self.ping_timeout = ping_timeout

    def __enter__(self):
        self._start("0")
        return self

    def _start(self, port):
        arguments = [binary(), "--port", port, "--ping-timeout", self.ping_timeout]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        self.url = re.search(r"http://127\.0\.0\.1:\d+", self.process.stdout.readline())[0]

    def restart(self):
        """The same address under a new process, which knows nothing of the one before."""
        self.__exit__()
        self._start(self.url.rsplit(":", 1)[1])

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=STOPPING_S)
        self.process.stdout.close()
