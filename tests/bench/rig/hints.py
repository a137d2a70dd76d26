"""A small generator for what is not said: reactions, typing, and who is there; beside messages of the same people.

Messages and the other deed take turns within one run, so that the machine's mood is the same for both."""

import argparse
import asyncio
import itertools
import json
import statistics
import time
from pathlib import Path

from .client import cpu_us
from .wire import Socket

QUIET_S = 0.3
LATE_S = 20
AT_ONCE = 50
EMOJIS = ("👍", "❤️", "😂", "🎉", "👀")
CONTENT = "as long as people write it, that is not very long".ljust(64, ".")


class Person(Socket):
    """One member of one group: what it hears of the others, by event."""

    def __init__(self, user: dict, group: str):
        super().__init__(user)
        self.group = group
        self.heard: dict[str, int] = {}
        self.told = 0
        self.there: set[str] = set()
        self.on = True
        self.listening: asyncio.Task[None]

    def hear(self, event: str, payload: dict) -> None:
        """Counts, and keeps who is there."""
        self.heard[event] = self.heard.get(event, 0) + 1
        if event == "presence":
            self.told += 1
            self.there.update(row["_id"] for row in payload["Users"] if row["Online"])

    async def say(self, group: "Group") -> None:
        """A message."""
        said = await self.ask("send-group-message", {"GroupId": self.group, "Content": CONTENT})
        group.refused += not said["Ok"]
        group.newest = max(group.newest, said.get("Seq", 0))

    async def react(self, group: "Group") -> None:
        """To the newest message; next time that is taken back, or another message is the newest."""
        emoji = EMOJIS[group.newest % len(EMOJIS)]
        deed = {"ChatId": self.group, "Seq": group.newest, "Emoji": emoji, "On": self.on}
        group.refused += not (await self.ask("react", deed))["Ok"]
        self.on = not self.on

    async def type(self, group: "Group") -> None:
        """A key is pressed."""
        group.refused += not (await self.ask("typing", {"ChatId": self.group, "On": True}))["Ok"]


HEARD = {"say": "receive-group-message", "react": "message-changed", "type": "typing"}


class Group:
    """A group with all its members."""

    def __init__(self, members: list[Person]):
        self.members = members
        self.newest = self.refused = 0

    def heard(self, deed: str) -> int:
        """How often the members together heard of such a deed."""
        return sum(member.heard.get(HEARD[deed], 0) for member in self.members)


def groups(options: argparse.Namespace) -> list[Group]:
    """Those of the file."""
    found: dict[str, list[Person]] = {}
    for user in json.loads(Path(options.users_file).read_text()):
        for chat in user["chats"]:
            if chat["kind"] == "group":
                found.setdefault(chat["id"], []).append(Person(user, chat["id"]))
    return [Group(members) for members in found.values()]


class Turn:
    """One kind of deed for a while: how often it was done, heard of and what it cost."""

    def __init__(self, deed: str):
        self.deed, self.done, self.heard, self.used = deed, 0, 0, 0.0

    async def take(self, everybody: list[Group], options: argparse.Namespace) -> "Turn":
        """Does it, waits until nobody hears of it any more, and keeps the figures."""
        before, heard = cpu_us(options.pid), sum(group.heard(self.deed) for group in everybody)
        until = time.monotonic() + options.turn
        doing = self.slowly if options.every else self.fast
        await asyncio.gather(*(doing(group, until, options) for group in everybody))
        self.heard = await settled(everybody, self.deed) - heard
        self.used = cpu_us(options.pid) - before
        return self

    async def fast(self, group: Group, until: float, options: argparse.Namespace) -> None:
        """Some members of each group, each as fast as it is answered."""

        async def work(member: Person) -> None:
            while time.monotonic() < until:
                await getattr(member, self.deed)(group)
                self.done += 1

        await asyncio.gather(*(work(member) for member in group.members[: options.speakers]))

    async def slowly(self, group: Group, until: float, options: argparse.Namespace) -> None:
        """All members, each every so many seconds, spread evenly over that time."""

        async def work(at: int, member: Person) -> None:
            next_time = until - options.turn + options.every * at / len(group.members)
            while next_time < until:
                await asyncio.sleep(max(0, next_time - time.monotonic()))
                await getattr(member, self.deed)(group)
                self.done += 1
                next_time += options.every

        await asyncio.gather(*(work(at, member) for at, member in enumerate(group.members)))


async def settled(everybody: list[Group], deed: str) -> int:
    """Returns when nobody has heard anything for a while: how much was heard until then."""
    before, now, late = -1, 0, time.monotonic() + LATE_S
    while before != now and time.monotonic() < late:
        await asyncio.sleep(QUIET_S)
        before, now = now, sum(group.heard(deed) for group in everybody)
    return now


async def beside_messages(everybody: list[Group], options: argparse.Namespace) -> dict:
    """Messages and the other deed in turn, and what one costs beside the other."""
    turns: dict[str, list[Turn]] = {"say": [], options.deed: []}
    for _, deed in itertools.product(range(options.turns), turns):
        turns[deed].append(await Turn(deed).take(everybody, options))
    costs = {deed: [turn.used / turn.done for turn in taken] for deed, taken in turns.items()}
    hearing = {deed: sum(turn.heard for turn in taken) / sum(t.done for t in taken) for deed, taken in turns.items()}
    shares = [other / message for message, other in zip(costs["say"], costs[options.deed], strict=True)]
    members = sum(len(group.members) for group in everybody) / len(everybody)
    done = sum(turn.done for turn in turns["say"])
    return {
        "share": round(statistics.median(shares), 3),
        "shares": [round(share, 3) for share in shares],
        "cpu_us_per_message": round(statistics.median(costs["say"]), 1),
        "cpu_us_per_deed": round(statistics.median(costs[options.deed]), 1),
        "heard_per_message": round(hearing["say"], 2),
        "heard_per_deed": round(hearing[options.deed], 2),
        "lost": round(done * (members - 1) - sum(turn.heard for turn in turns["say"])),
        "failed": sum(group.refused for group in everybody),
    }


async def coming_back(everybody: list[Group], options: argparse.Namespace) -> dict:
    """One member of each group watches the others, who then come all at once."""
    watchers = [group.members[0] for group in everybody]
    for group, watcher in zip(everybody, watchers, strict=True):
        users = [member.user["id"] for member in group.members[1:]]
        watched = await watcher.ask("watch-presence", {"Users": users})
        group.refused += not watched["Ok"]
    before, begun = cpu_us(options.pid), time.monotonic()
    others = [member for group in everybody for member in group.members[1:]]
    await connect(others, options)
    arrived = time.monotonic()
    while time.monotonic() < arrived + LATE_S and any(not knows(group) for group in everybody):
        await asyncio.sleep(QUIET_S)
    took, used = time.monotonic() - begun, cpu_us(options.pid) - before
    packets = [watcher.told for watcher in watchers]
    # The first may come at once, if an interval ends just then.
    return {
        "packets_per_interval": round(max(packets) / (took / options.interval + 1), 3),
        "packets": packets,
        "intervals": round(took / options.interval, 1),
        "cpu_us_per_person": round(used / len(others), 1),
        "seconds": round(arrived - begun, 2),
        "lost": sum(not knows(group) for group in everybody),
        "failed": sum(group.refused for group in everybody),
    }


def knows(group: Group) -> bool:
    """Whether the group's watcher was told that all others are there."""
    return len(group.members[0].there) >= len(group.members) - 1


async def connect(people: list[Person], options: argparse.Namespace) -> None:
    """All of them, so many at once, and all listen."""
    waiting = iter(people)

    async def door() -> None:
        for person in waiting:
            await person.connect(options.port)
            person.listening = asyncio.create_task(person.listen())

    await asyncio.gather(*(door() for _ in range(AT_ONCE)))


async def run(options: argparse.Namespace) -> dict:
    """The whole load, and its report."""
    everybody = groups(options)
    returns = options.deed == "return"
    people = [member for group in everybody for member in (group.members[:1] if returns else group.members)]
    await connect(people, options)
    found = await (coming_back if returns else beside_messages)(everybody, options)
    for person in itertools.chain.from_iterable(group.members for group in everybody):
        person.listening.cancel()
        person.writer.close()
    return found


def main() -> None:
    """Reads the command line, runs, and writes the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("deed", choices=("react", "type", "return"))
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--turn", type=float, default=5, help="how many seconds each takes")
    parser.add_argument("--speakers", type=int, default=3, help="of each group, as fast as they are answered")
    parser.add_argument("--every", type=float, help="instead, everybody, every so many seconds")
    parser.add_argument("--interval", type=float, default=2, help="the server's presence.interval, in seconds")
    parser.add_argument("--users-file", required=True)
    parser.add_argument("--json", required=True)
    options = parser.parse_args()
    Path(options.json).write_text(json.dumps(asyncio.run(run(options))))
