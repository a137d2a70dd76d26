"""A signed-in socket for generators with many of them: what it asks is acknowledged, what it hears is handed on."""

import asyncio
import json
import time

PATIENCE_S = 10


class Socket:
    """A Socket.IO client over WebSocket. Whoever derives from it says in `hear` what becomes of events."""

    def __init__(self, user: dict):
        self.user = user
        self.asked = 0
        self.answers: dict[int, asyncio.Future[dict]] = {}
        self.ack_times: list[float] = []
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def connect(self, port: int) -> None:
        """The upgrade, the namespace, and the opening events."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        cookie = "access_token={access_token}; refresh_token={refresh_token}".format(**self.user)
        self.writer.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode(errors="replace")
        if " 101 " not in head:
            raise ConnectionError(head.splitlines()[0])
        self.send("40")
        while '"group-chat-list"' not in await self.frame():
            pass

    async def frame(self) -> str:
        """The text of the next frame."""
        kind, size = await self.reader.readexactly(2)
        if size >= 126:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8))
        content = await self.reader.readexactly(size)
        if kind != 0x81:
            raise ConnectionError(f"closed: {content!r}")
        return content.decode()

    def send(self, text: str) -> None:
        """Sends one text frame, masked as clients must, by zeros."""
        content = text.encode()
        size = bytes([0x80 | len(content)]) if len(content) < 126 else b"\xfe" + len(content).to_bytes(2)
        self.writer.write(b"\x81" + size + bytes(4) + content)

    async def listen(self) -> None:
        """Takes what comes until cancelled."""
        while True:
            packet = await self.frame()
            if packet == "2":
                self.send("3")
            elif packet.startswith("43"):
                number, _, answer = packet[2:].partition("[")
                self.answers.pop(int(number)).set_result(json.loads("[" + answer)[0])
            elif packet.startswith("42"):
                self.hear(*json.loads(packet[2:]))

    def hear(self, event: str, payload: dict) -> None:
        """An event came."""

    async def ask(self, event: str, payload: dict) -> dict:
        """The acknowledgement of an event."""
        self.asked += 1
        answer = self.answers[self.asked] = asyncio.get_running_loop().create_future()
        start = time.monotonic()
        self.send(f"42{self.asked}{json.dumps([event, payload])}")
        async with asyncio.timeout(PATIENCE_S):
            answered = await answer
        self.ack_times.append(time.monotonic() - start)
        return answered
