"""One signed-in socket that asks one thing at a time, for what the load generator does not ask."""

import json
import os
import socket
import struct

PATIENCE_S = 30


class Client:
    """A Socket.IO client over WebSocket."""

    def __init__(self, port: int, user: dict):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self.received = b""
        self.asked = 0
        cookie = f"access_token={user['access_token']}; refresh_token={user['refresh_token']}"
        self.socket.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self.received:
            self.received += self.more()
        head, self.received = self.received.split(b"\r\n\r\n", 1)
        if b" 101 " not in head:
            raise ConnectionError(head.decode(errors="replace").splitlines()[0])
        self.send("40")
        while '"group-chat-list"' not in self.next():
            pass

    def ask(self, event: str, payload: dict) -> dict:
        """Sends an event and returns its acknowledgement."""
        self.asked += 1
        self.send(f"42{self.asked}{json.dumps([event, payload])}")
        mark = f"43{self.asked}["
        while not (packet := self.next()).startswith(mark):
            pass
        return json.loads(packet[len(mark) - 1 :])[0]

    def next(self) -> str:
        """The next packet; pings are answered on the way."""
        packet = self.frame()
        while packet == "2":
            self.send("3")
            packet = self.frame()
        return packet

    def send(self, text: str) -> None:
        """Sends one text frame, masked as clients must, by zeros."""
        content = text.encode()
        size = bytes([0x80 | len(content)]) if len(content) < 126 else b"\xfe" + struct.pack(">H", len(content))
        self.socket.sendall(b"\x81" + size + bytes(4) + content)

    def frame(self) -> str:
        """The text of the next frame."""
        kind, size = self.take(2)
        if size == 126:
            (size,) = struct.unpack(">H", self.take(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", self.take(8))
        content = self.take(size)
        if kind != 0x81:
            raise ConnectionError(f"closed: {content!r}")
        return content.decode()

    def take(self, size: int) -> bytes:
        """The next bytes."""
        while len(self.received) < size:
            self.received += self.more()
        taken, self.received = self.received[:size], self.received[size:]
        return taken

    def more(self) -> bytes:
        """Whatever comes next; the end of the connection is an error."""
        read = self.socket.recv(1 << 16)
        if not read:
            raise ConnectionError("the server closed the connection")
        return read

    def close(self) -> None:
        """Leaves without a word."""
        self.socket.close()


def cpu_us(pid: int) -> float:
    """CPU time of all threads of a process, as exact as the scheduler has it."""
    return (
        sum(int(read(f"/proc/{pid}/task/{task}/schedstat").split()[0]) for task in os.listdir(f"/proc/{pid}/task"))
        / 1000
    )


def cpu_ms(pid: int) -> float:
    """CPU time of a process, with that of its threads that have ended; as exact as the clock's ticks."""
    fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def rss_kib(pid: int) -> int:
    """Memory of a process."""
    return int(read(f"/proc/{pid}/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def peak_kib(pid: int) -> int:
    """The most memory that a process ever had."""
    return int(read(f"/proc/{pid}/status").split("VmHWM:")[1].split()[0])


def read(path: str) -> str:
    """A small file."""
    with open(path, encoding="ascii") as file:
        return file.read()
