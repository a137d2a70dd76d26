"""A small generator for files: some workers upload, or download, one file after the other. It tells what a MiB costs."""

import argparse
import asyncio
import itertools
import json
import random
import statistics
import time
from pathlib import Path

from .client import cpu_ms
from .photo import photo

MIB = 1 << 20
PATIENCE_S = 60


class Worker:
    """One connection that is kept, and whose it is."""

    def __init__(self, user: dict, port: int):
        self.user, self.port = user, port
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def begin(self, content: bytes) -> dict:
        """Connects, and uploads a first file."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 18)
        return await self.upload(content)

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """One request. Returns the answer's status and its body, or of a file how long that is."""
        token = self.user["access_token"]
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {token}\r\n"
        self.writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        async with asyncio.timeout(PATIENCE_S):
            await self.writer.drain()
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            left = int(head.split("content-length: ")[1].split("\r\n")[0])
            if method == "GET":
                while left:
                    left -= len(await self.reader.read(min(left, 1 << 18)))
                return int(head.split()[1]), b""
            return int(head.split()[1]), await self.reader.readexactly(left)

    async def upload(self, content: bytes) -> dict:
        """A file that must be taken."""
        status, answer = await self.ask("POST", "/files?name=bench", content)
        if status != 200:
            raise ConnectionError(f"an upload is answered {status}: {answer[:200]!r}")
        return json.loads(answer)["File"]

    async def download(self, file: dict) -> None:
        """A file that must be there."""
        status, _ = await self.ask("GET", file["Url"])
        if status != 200:
            raise ConnectionError(f"a download is answered {status}")


def content(what: str, mib: float) -> bytes:
    """What is moved: a photograph, or bytes that mean nothing."""
    return photo() if what == "photo" else random.Random(1).randbytes(int(mib * MIB))


async def run(options: argparse.Namespace) -> dict:
    """The whole load, and its report."""
    data = content(options.what, options.mib)
    users = itertools.cycle(json.loads(Path(options.users_file).read_text()))
    workers = [Worker(next(users), options.port) for _ in range(options.workers)]
    start = time.monotonic() + options.warmup
    until, times = start + options.duration, []

    async def work(worker: Worker) -> None:
        file = await worker.begin(data)
        while time.monotonic() < until:
            begun = time.monotonic()
            await (worker.download(file) if options.deed == "download" else worker.upload(data))
            times.append((begun, time.monotonic()))

    working = [asyncio.create_task(work(worker)) for worker in workers]
    await asyncio.sleep(options.warmup)
    used, measured = cpu_ms(options.pid), time.monotonic()
    await asyncio.gather(*working)
    used, took = cpu_ms(options.pid) - used, time.monotonic() - measured
    for worker in workers:
        worker.writer.close()
    return report(times, measured, used, took, len(data) / MIB)


def report(times: list[tuple[float, float]], measured: float, used: float, took: float, mib: float) -> dict:
    """The figures. Of a file that was under way when the measuring began the part counts that came after it."""
    moved = sum(min(1.0, (end - measured) / (end - begun)) for begun, end in times if end > measured) * mib
    at = statistics.quantiles((1e6 * (end - begun) for begun, end in times), n=100)
    return {
        "cpu_ms_per_mib": round(used / moved, 3),
        "mib_per_s": round(moved / took, 1),
        "file_mib": round(mib, 2),
        "latency": {"p50_us": at[49], "p99_us": at[98]},
    }


def main() -> None:
    """Reads the command line, runs, and writes the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("deed", choices=("upload", "download"))
    parser.add_argument("--what", choices=("photo", "bytes"), default="bytes")
    parser.add_argument("--mib", type=float, default=4)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--warmup", type=float, default=1)
    parser.add_argument("--duration", type=float, default=5)
    parser.add_argument("--users-file", required=True)
    parser.add_argument("--json", required=True)
    options = parser.parse_args()
    Path(options.json).write_text(json.dumps(asyncio.run(run(options))))
