"""Starts the real server in a fresh folder on ports of its own choosing, and takes it down by its own pid."""

import json
import os
import queue
import re
import subprocess
import tempfile
import threading
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
STARTING_S = 30
STOPPING_S = 15


def binary():
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return os.path.abspath(os.environ.get("GREENROOM_BIN", target / "debug" / "greenroom"))


class Server:
    def __init__(self, **variables):
        """Further variables of the environment, over the usual ones."""
        self.variables = variables
        self.log = queue.Queue()

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="greenroom-")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("GREENROOM__")}
        self.environment = inherited | {
            "GREENROOM__SERVER__LISTEN": "127.0.0.1:0",
            "GREENROOM__SERVER__ADMIN_LISTEN": "127.0.0.1:0",
            "GREENROOM__LIMITS__ENABLED": "false",
            "RUST_LOG": "info",
        } | self.variables
        self._launch()
        return self

    def crash_and_restart(self, **variables):
        """The same data under a new process, without an orderly stop of the old one."""
        self.process.kill()
        self.process.wait(timeout=STOPPING_S)
        self.environment |= variables
        self._launch()

    def _launch(self):
        self.process = subprocess.Popen(
            [binary()], cwd=self.folder.name, env=self.environment, stderr=subprocess.PIPE, text=True
        )
        found = queue.Queue()
        threading.Thread(target=self._read_log, args=(found,), daemon=True).start()
        self.url, self.admin_url = found.get(timeout=STARTING_S)

    def __exit__(self, *_):
        self.process.terminate()
        try:
            assert self.process.wait(timeout=STOPPING_S) == 0
        finally:
            self.process.kill()
            self.folder.cleanup()

    def _read_log(self, found):
        admin_url = None
        for line in self.process.stderr:
            self.log.put(line)
            if admin := re.search(r"admin .* on (http://127\.0\.0\.1:\d+)", line):
                admin_url = admin[1]
            listening = re.search(r"listening on (http://127\.0\.0\.1:\d+)", line, re.IGNORECASE)
            if listening and "admin" not in line[: listening.start()].lower():
                found.put((listening[1], admin_url))

    def wait_for(self, text):
        """Waits for a line of the log."""
        while text not in self.log.get(timeout=STARTING_S):
            pass

    def login(self, name):
        """A verified account and its tokens."""
        account = {"email": f"{name.lower()}@example.org", "password": f"correct horse {name}"}
        options = ["--name", name, "--email", account["email"], "--password", account["password"]]
        subprocess.run(
            [binary(), "user", "add", *options], cwd=self.folder.name, env=self.environment, check=True, capture_output=True
        )
        body = json.dumps(account | {"source": "app"}).encode()
        request = urllib.request.Request(f"{self.url}/login", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            tokens = json.load(answer)
        return {key: tokens[key] for key in ("accessToken", "refreshToken")}
