"""A small generator for clients that poll: pairs who talk to each other in turn. It reports as chatload does."""

import argparse
import asyncio
import json
import os
import statistics
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE_S = 10


class Http:
    """One kept-alive connection, one request at a time."""

    def __init__(self, port: int, headers: str):
        self.port, self.headers, self.reader, self.writer = port, headers, None, None
        self.turn = asyncio.Lock()

    async def ask(self, method: str, query: str, body: str = "") -> str:
        """The body of the answer; anything but 200 is an error."""
        async with self.turn:
            return await self.exchange(method, query, body)

    async def exchange(self, method: str, query: str, body: str) -> str:
        """One request and its answer, over a connection that is opened first if need be."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        content = body.encode()
        head = f"{method} /socket.io/?EIO=4&transport=polling{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self.headers}"
        kind = f"Content-Type: text/plain\r\nContent-Length: {len(content)}\r\n" if method == "POST" else ""
        self.writer.write(f"{head}{kind}\r\n".encode() + content)
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(answer.split("content-length:")[1].split("\r\n")[0])
        text = (await self.reader.readexactly(length)).decode()
        if " 200 " not in answer.split("\r\n")[0]:
            raise ConnectionError(f"{answer.splitlines()[0]}: {text[:100]}")
        return text

    def close(self) -> None:
        """Leaves without a word."""
        if self.writer:
            self.writer.close()


class Member:
    """One polling client: what it says, and what it has heard."""

    def __init__(self, port: int, headers: str, auth: str, chat: str):
        self.chat, self.auth = chat, auth
        self.down, self.up = Http(port, headers), Http(port, headers)
        self.sid = ""
        self.said = self.heard = self.out_of_order = 0
        self.acked: asyncio.Queue[int] = asyncio.Queue()
        self.arrived: asyncio.Queue[tuple[int, int]] = asyncio.Queue()

    async def connect(self) -> None:
        """Handshake, namespace, and the first packet in it."""
        self.sid = json.loads((await self.down.ask("GET", ""))[1:])["sid"]
        await self.post("40" + self.auth)
        packets = []
        while not any(packet.startswith("40") for packet in packets):
            packets = await self.poll()
            if any(packet.startswith("44") for packet in packets):
                raise ConnectionError("not let in")
            await self.hear(packets)

    async def poll(self) -> list[str]:
        """The next packets."""
        return (await self.down.ask("GET", f"&sid={self.sid}")).split("\x1e")

    async def post(self, packet: str) -> None:
        """Sends one packet."""
        await self.up.ask("POST", f"&sid={self.sid}", packet)

    async def listen(self) -> None:
        """Takes what comes until cancelled."""
        while True:
            await self.hear(await self.poll())

    async def hear(self, packets: list[str]) -> None:
        """Answers what asks for an answer, and takes the rest."""
        for packet in packets:
            if packet == "2":
                await self.post("3")
            self.take(packet)

    def take(self, packet: str) -> None:
        """Acknowledgements and messages; other events are of no interest."""
        if packet.startswith("43"):
            self.acked.put_nowait(int(packet[2 : packet.index("[")]))
        elif packet.startswith('42["receive-personal-message"'):
            number, sent = json.loads(packet[2:])[1]["Content"].split()[:2]
            self.out_of_order += int(number) != self.heard
            self.heard = int(number) + 1
            self.arrived.put_nowait((int(sent), time.monotonic_ns()))

    async def say(self) -> None:
        """Sends one message and waits for its acknowledgement."""
        content = f"{self.said} {time.monotonic_ns()} ".ljust(64, ".")
        ask = json.dumps(["send-personal-message", {"ChatId": self.chat, "Content": content}])
        self.said += 1
        await self.post(f"42{self.said}{ask}")
        async with asyncio.timeout(PATIENCE_S):
            while await self.acked.get() != self.said:
                pass


def members(options: argparse.Namespace) -> list[Member]:
    """Pairs with a chat each: the users of the file, or the peers' own."""
    if not options.users_file:
        who = range(2 * options.pairs)
        return [Member(options.port, "", json.dumps({"user": str(n)}), f"p{n // 2}") for n in who]
    users = json.loads(Path(options.users_file).read_text())[: 2 * options.pairs]
    cookie = "Cookie: access_token={access_token}; refresh_token={refresh_token}\r\n"
    chat = [next(chat["id"] for chat in user["chats"] if chat["kind"] == "personal") for user in users]
    return [Member(options.port, cookie.format(**user), "", chat[n]) for n, user in enumerate(users)]


def server_seconds(pid: int) -> float:
    """CPU time the server has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def talk(one: Member, other: Member, until: float) -> None:
    """`one` speaks, and waits until the other has heard it, again and again."""
    while time.monotonic() < until:
        await one.say()
        async with asyncio.timeout(PATIENCE_S):
            one.latencies.append(await other.arrived.get())


async def run(options: argparse.Namespace) -> dict:
    """The whole load, and its report."""
    everybody = members(options)
    for member in everybody:
        await member.connect()
        member.latencies = []
    listening = [asyncio.create_task(member.listen()) for member in everybody]
    start = time.monotonic() + options.warmup
    until = start + options.duration
    pairs = [(one, everybody[n ^ 1]) for n, one in enumerate(everybody)]
    talking = [asyncio.create_task(talk(one, other, until)) for one, other in pairs]
    await asyncio.sleep(options.warmup)
    before, counted = server_seconds(options.pid), sum(member.heard for member in everybody)
    await asyncio.sleep(until - time.monotonic())
    used, counted = server_seconds(options.pid) - before, sum(member.heard for member in everybody) - counted
    await asyncio.gather(*talking)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    for member in everybody:
        member.down.close()
        member.up.close()
    return report(everybody, used, counted, options.duration)


def report(everybody: list[Member], used: float, counted: int, seconds: float) -> dict:
    """The figures under chatload's names."""
    taken = sorted((arrived - sent) / 1000 for member in everybody for sent, arrived in member.latencies)
    at = statistics.quantiles(taken, n=100)
    return {
        "cpu_us_per_delivery": round(used * 1e6 / max(counted, 1), 3),
        "delivered_per_s": round(counted / seconds),
        "latency": {"p50_us": at[49], "p99_us": at[98]},
        "lost": sum(member.said for member in everybody) - sum(member.heard for member in everybody),
        "out_of_order": sum(member.out_of_order for member in everybody),
    }


def main() -> None:
    """Reads the command line, runs, and writes the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--warmup", type=float, default=1)
    parser.add_argument("--duration", type=float, default=5)
    parser.add_argument("--users-file")
    parser.add_argument("--json", required=True)
    options = parser.parse_args()
    Path(options.json).write_text(json.dumps(asyncio.run(run(options))))
