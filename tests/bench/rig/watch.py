"""What the server says of itself on its admin listener."""

import time
import urllib.request

FILLING_S = 1800
PAUSE_S = 0.2


class Watch:
    """The numbers of one server."""

    def __init__(self, port: int):
        self.url = f"http://127.0.0.1:{port}/metrics"

    def numbers(self) -> dict[str, float]:
        """All of them by name; those with labels are added up."""
        found: dict[str, float] = {}
        with urllib.request.urlopen(self.url, timeout=30) as page:
            for line in page.read().decode().splitlines():
                if line and not line.startswith("#"):
                    name, value = line.rsplit(" ", 1)
                    name = name.partition("{")[0]
                    found[name] = found.get(name, 0) + float(value)
        return found

    def until_indexed(self) -> None:
        """Returns once the index of words has everything."""
        until = time.monotonic() + FILLING_S
        while self.numbers()["greenroom_index_behind_seconds"] > 0:
            if time.monotonic() > until:
                raise TimeoutError("the index of words does not get done")
            time.sleep(PAUSE_S)
