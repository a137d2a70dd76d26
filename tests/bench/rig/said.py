"""People who say ordinary things in their groups, and what that costs the server with all that comes of it behind."""

import asyncio
import itertools
import json
import time

from .client import cpu_ms
from .servers import Running
from .watch import Watch
from .wire import Socket
from .words import Speech

SPEAKERS = 2
"""Of each group."""
QUIET_S = 3
WARM_S = 1
SEED, TEXTS = 3, 20_000


class Company:
    """People in their groups, some of whom speak."""

    def __init__(self, running: Running):
        self.running = running
        self.texts = itertools.cycle(list(Speech(SEED).texts(TEXTS)))
        self.people = [Socket(user) for user in json.loads((running.folder / "users.json").read_text())]
        groups: dict[str, list[Socket]] = {}
        for person in self.people:
            for chat in person.user["chats"]:
                if chat["kind"] == "group":
                    groups.setdefault(chat["id"], []).append(person)
        self.speakers = [(group, person) for group, members in groups.items() for person in members[:SPEAKERS]]
        self.listening: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Company":
        """All connect and listen."""
        for person in self.people:
            await person.connect(self.running.port)
            self.listening.append(asyncio.create_task(person.listen()))
        return self

    async def __aexit__(self, *_: object) -> None:
        """All leave."""
        for task in self.listening:
            task.cancel()
        await asyncio.gather(*self.listening, return_exceptions=True)
        for person in self.people:
            person.writer.close()

    async def speak(self, rate: int, seconds: float) -> int:
        """So many messages a second, evenly; or as fast as they are answered. Returns how many were stored."""
        until = time.monotonic() + seconds
        pause = len(self.speakers) / rate if rate else 0

        async def one(at: int, group: str, person: Socket) -> int:
            next_time, stored = time.monotonic() + pause * at / len(self.speakers), 0
            while next_time < until:
                await asyncio.sleep(max(0, next_time - time.monotonic()))
                said = await person.ask("send-group-message", {"GroupId": group, "Content": next(self.texts)})
                stored += said["Ok"]
                next_time = next_time + pause if rate else time.monotonic()
            return stored

        return sum(await asyncio.gather(*(one(at, *who) for at, who in enumerate(self.speakers))))


async def talk(running: Running, rate: int, seconds: float) -> float:
    """CPU-µs per message: said at this rate, or as fast as they are answered, and then taken into the index, if there
    is one."""
    async with Company(running) as company:
        await company.speak(rate, WARM_S)
        await settled(running)
        used = cpu_ms(running.pid)
        stored = await company.speak(rate, seconds)
        await settled(running)
        return 1000 * (cpu_ms(running.pid) - used) / stored


async def acks(running: Running, rate: int, seconds: float) -> list[float]:
    """How long each acknowledgement took, in seconds."""
    async with Company(running) as company:
        await company.speak(rate, WARM_S)
        for person in company.people:
            person.ack_times.clear()
        await company.speak(rate, seconds)
        return [taken for person in company.people for taken in person.ack_times]


async def settled(running: Running) -> None:
    """Returns when the server has had its time, and then nothing waits for the index."""
    await asyncio.sleep(QUIET_S)
    await asyncio.to_thread(Watch(running.admin).until_indexed)
