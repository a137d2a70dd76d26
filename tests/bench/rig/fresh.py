"""Somebody who says new things while the index of words is filled, and looks for them: alone, and in many groups."""

import contextlib
import itertools
import json
import threading
import time
from pathlib import Path

from .client import Client
from .servers import Running

MANY = 150
"""Groups. A search looks at fewer of those that the index is behind in."""
LATE_S = 60
PAUSE_S = 0.5


def users(home: Path) -> list[dict]:
    """Those of a population."""
    return json.loads((home / "users.json").read_text())


class Probe(threading.Thread):
    """How long after the acknowledgement the last search began that did not find all, in seconds, of `one` message and of
    `many`."""

    def __init__(self, running: Running, user: dict):
        super().__init__(daemon=True)
        self.client = Client(running.port, user)
        self.groups = [chat["id"] for chat in user["chats"] if chat["kind"] == "group"][-MANY:]
        self.times: dict[str, list[float]] = {"one": [], "many": []}
        self.refused = 0
        self.error: Exception | None = None
        self.over = threading.Event()

    def run(self) -> None:
        """Until `end`."""
        try:
            for turn in itertools.count():
                several = turn % 10 == 3
                self.times["many" if several else "one"].append(self.probe(turn, MANY if several else 1))
                if self.over.wait(PAUSE_S):
                    return
        except Exception as error:
            self.error = error
        finally:
            with contextlib.suppress(OSError):
                self.client.close()

    def probe(self, turn: int, number: int) -> float:
        """Says a new word in so many groups and looks for it until all are found."""
        word, groups = f"qz{turn}fresh", self.groups[-number:]
        for group in groups:
            self.client.ask("send-group-message", {"GroupId": group, "Content": f"{word} {turn}"})
        acknowledged, late = time.monotonic(), 0.0
        while (begun := time.monotonic()) - acknowledged < LATE_S:
            found = self.count(word)
            if found == len(groups):
                return late
            late = late if found is None else begun - acknowledged
            time.sleep(0.02)
        return LATE_S

    def count(self, word: str) -> int | None:
        """In how many messages it is found; unknown where a search is given up."""
        found, more = 0, {}
        while True:
            answer = self.client.ask("search-messages", {"Query": f"{word} ", "Limit": 50, **more})
            if not answer["Ok"]:
                self.refused += 1
                return None
            found += len(answer["Results"])
            if not answer["HasMore"]:
                return found
            more = {"Cursor": answer["Cursor"]}

    def end(self) -> None:
        """Says no more."""
        self.over.set()
        self.join(LATE_S)
