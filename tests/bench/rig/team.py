"""A small generator for busy teams: groups in which some type, talk, react, edit, delete and read, over WebSockets.

It reports as chatload does."""

import argparse
import asyncio
import json
import statistics
import time
from pathlib import Path

from .client import cpu_us
from .wire import PATIENCE_S, Socket

SHARES = {"type": 80, "read": 40, "react": 20, "edit": 4, "delete": 1}
"""To a hundred messages."""
EMOJIS = ("👍", "❤️", "😂", "🎉", "👀")
TOLD = ("receive-group-message", "message-changed")


class Member(Socket):
    """One socket: what it asks, and what it has heard."""

    def __init__(self, user: dict, group: str):
        super().__init__(user)
        self.group = group
        self.heard = self.out_of_order = 0
        self.newest = dict.fromkeys(TOLD, 0)
        self.own: list[int] = []

    def hear(self, event: str, payload: dict) -> None:
        """Messages come by rising Seq and changes by rising Rev."""
        if event not in TOLD:
            return
        number = payload["Rev" if event == "message-changed" else "Seq"]
        self.heard += 1
        self.out_of_order += number <= self.newest[event]
        self.newest[event] = number


class Team:
    """A group with all its members, and what is to be done in it."""

    def __init__(self, members: list[Member]):
        self.members, self.group = members, members[0].group
        self.told = self.refused = self.latest = 0
        self.reacted: set[Member] = set()
        self.due = dict.fromkeys(SHARES, 0.0)

    async def work(self, member: Member, until: float) -> None:
        """A member says something again and again, and does whatever is due between."""
        while time.monotonic() < until:
            await self.say(member)
            for deed, share in SHARES.items():
                self.due[deed] += share / 100
                if self.due[deed] >= 1:
                    self.due[deed] -= 1
                    await getattr(self, deed)(member)

    async def say(self, member: Member) -> None:
        """A message."""
        content = f"{time.monotonic_ns()} ".ljust(64, ".")
        said = await self.change(member, "send-group-message", {"GroupId": self.group, "Content": content})
        if said:
            member.own.append(said["Seq"])
            if said["Seq"] > self.latest:
                self.latest, self.reacted = said["Seq"], set()

    async def type(self, member: Member) -> None:
        """Keys are pressed. Others may hear it; it counts as no delivery."""
        await member.ask("typing", {"ChatId": self.group, "On": True})

    async def read(self, member: Member) -> None:
        """Everything is read."""
        await member.ask("read-group-message", {"GroupId": self.group})

    async def react(self, member: Member) -> None:
        """To the newest message; who reacted to it already takes that back."""
        seq, reacted = self.latest, self.reacted
        on = member not in reacted
        deed = {"ChatId": self.group, "Seq": seq, "Emoji": EMOJIS[seq % len(EMOJIS)], "On": on}
        if await self.change(member, "react", deed):
            (reacted.add if on else reacted.discard)(member)

    async def edit(self, member: Member) -> None:
        """One's own newest message."""
        content = f"better {time.monotonic_ns()} ".ljust(64, ".")
        if member.own:
            await self.change(member, "edit-message", {"ChatId": self.group, "Seq": member.own[-1], "Content": content})

    async def delete(self, member: Member) -> None:
        """An older one of one's own, since others react to the newest."""
        if len(member.own) > 1:
            await self.change(member, "delete-message", {"ChatId": self.group, "Seq": member.own.pop(0)})

    async def change(self, member: Member, event: str, payload: dict) -> dict | None:
        """Something of which the others are to hear; nothing if it is refused."""
        answer = await member.ask(event, payload)
        self.refused += not answer["Ok"]
        self.told += answer["Ok"]
        return answer if answer["Ok"] else None

    def lost(self) -> int:
        """What the others should have heard and did not."""
        return self.told * (len(self.members) - 1) - sum(member.heard for member in self.members)


def teams(options: argparse.Namespace) -> list[Team]:
    """The groups of the file."""
    groups: dict[str, list[Member]] = {}
    for user in json.loads(Path(options.users_file).read_text()):
        for chat in user["chats"]:
            if chat["kind"] == "group":
                groups.setdefault(chat["id"], []).append(Member(user, chat["id"]))
    return [Team(members) for members in groups.values()]


async def run(options: argparse.Namespace) -> dict:
    """The whole load, and its report."""
    everybody = teams(options)
    members = [member for team in everybody for member in team.members]
    listening = []
    for member in members:
        await member.connect(options.port)
        listening.append(asyncio.create_task(member.listen()))
    start = time.monotonic() + options.warmup
    until = start + options.duration
    speakers = [(team, member) for team in everybody for member in team.members[: options.speakers]]
    working = [asyncio.create_task(team.work(member, until)) for team, member in speakers]
    await asyncio.sleep(options.warmup)
    before, counted = cpu_us(options.pid), sum(member.heard for member in members)
    await asyncio.sleep(until - time.monotonic())
    used, counted = cpu_us(options.pid) - before, sum(member.heard for member in members) - counted
    await asyncio.gather(*working)
    await settled(everybody)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    for member in members:
        member.writer.close()
    return report(everybody, used, counted, options.duration)


async def settled(everybody: list[Team]) -> None:
    """Returns when all is heard, or after as long as that may take."""
    until = time.monotonic() + PATIENCE_S
    while any(team.lost() for team in everybody) and time.monotonic() < until:
        await asyncio.sleep(0.02)


def report(everybody: list[Team], used: float, counted: int, seconds: float) -> dict:
    """The figures under chatload's names. A change that is told is a delivery as a message is."""
    members = [member for team in everybody for member in team.members]
    at = statistics.quantiles((taken * 1e6 for member in members for taken in member.ack_times), n=100)
    return {
        "cpu_us_per_delivery": round(used / max(counted, 1), 3),
        "delivered_per_s": round(counted / seconds),
        "ack_latency": {"p50_us": at[49], "p99_us": at[98]},
        "lost": sum(team.lost() for team in everybody),
        "out_of_order": sum(member.out_of_order for member in members),
        "refused": sum(team.refused for team in everybody),
    }


def main() -> None:
    """Reads the command line, runs, and writes the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--speakers", type=int, default=3)
    parser.add_argument("--warmup", type=float, default=1)
    parser.add_argument("--duration", type=float, default=5)
    parser.add_argument("--users-file", required=True)
    parser.add_argument("--json", required=True)
    options = parser.parse_args()
    Path(options.json).write_text(json.dumps(asyncio.run(run(options))))
