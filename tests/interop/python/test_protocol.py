"""The protocol without the chat: the published Python client against the conformance server, over each transport."""

import queue
import threading

import engineio
import pytest
import socketio

from echo import Echo

PATIENCE_S = 10
LARGE = 200_000
MODES = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": None}
ARGUMENTS = {
    "numbers": (0, -1, 1.5, 10**21, 2**53 - 1),
    "all of JSON": (None, True, "text", [1, [2, []]], {"a": {"b": [{}]}}),
    "emoji": ("é€😀", {"😀": '\0\x1e"\\'}),
    "nested binary": (b"\1\2\3", {"deep": [{"er": b""}, b"\0\xff"]}, "and text"),
    "200 KB of text": ("x" * LARGE,),
    "200 KB of bytes": (b"\7" * LARGE,),
}


@pytest.fixture(scope="module")
def echo():
    with Echo() as echo:
        yield echo


class Client:
    """A connected client that keeps what it hears."""

    def __init__(self, echo, transports, **options):
        self.socket = socketio.Client(**options)
        self.heard = {event: queue.Queue() for event in ("auth", "message-back", "ask-result", "disconnect")}
        self.asked = queue.Queue()
        for event, heard in self.heard.items():
            self.socket.on(event, lambda *args, heard=heard: heard.put(args))
        self.socket.on("ask", self._answer)
        self.socket.connect(echo.url, transports=transports, auth={"token": "t"}, wait_timeout=PATIENCE_S)
        assert self.next("auth") == ({"token": "t"},)
        assert self.socket.transport() == (transports or ["websocket"])[-1]

    def _answer(self, *args):
        self.asked.put(args)
        return args

    def next(self, event):
        return self.heard[event].get(timeout=PATIENCE_S)

    def call(self, *args):
        answer = self.socket.call("message-with-ack", args, timeout=PATIENCE_S)
        return answer if isinstance(answer, tuple) else (answer,)


@pytest.fixture(params=MODES.values(), ids=MODES.keys())
def client(request, echo):
    client = Client(echo, request.param, reconnection=False)
    yield client
    client.socket.disconnect()


@pytest.mark.parametrize("args", ARGUMENTS.values(), ids=ARGUMENTS.keys())
def test_arguments_come_back_by_event_and_ack_and_question(client, args):
    client.socket.emit("message", args)
    assert client.next("message-back") == args
    assert client.call(*args) == args
    client.socket.emit("ask", args)
    assert client.asked.get(timeout=PATIENCE_S) == args
    assert client.next("ask-result") == args


def test_a_thousand_events_come_once_each(client):
    for n in range(1000):
        client.socket.emit("message", n)
    # This client hears each message on a thread of its own, so they come in any order.
    assert sorted(client.next("message-back") for _ in range(1000)) == [(n,) for n in range(1000)]
    assert client.heard["message-back"].empty()


def test_the_server_disconnects_a_client(client):
    client.socket.emit("kick")
    assert client.next("disconnect")


def test_the_heartbeat_keeps_it_alive(client):
    late = threading.Event()
    client.socket.on("ask", lambda *_: late.wait(PATIENCE_S))
    for n in range(3):
        client.socket.emit("ask", n)
        assert client.next("ask-result") == ("timeout",)
    late.set()
    assert client.call("alive") == ("alive",)


@pytest.mark.parametrize("transports", MODES.values(), ids=MODES.keys())
def test_a_client_that_was_cut_off_comes_back(transports):
    with Echo() as echo:
        client = Client(echo, transports, reconnection_delay=0.01, randomization_factor=0)
        first = client.socket.get_sid()
        echo.restart()
        assert client.next("auth") == ({"token": "t"},)
        assert client.socket.get_sid() != first
        assert client.call("back") == ("back",)
        client.socket.disconnect()


def answer_no_ping(client):
    send = client.socket.eio._send_packet
    client.socket.on("disconnect", lambda *_: setattr(client.socket.eio, "_send_packet", send))
    client.socket.eio._send_packet = lambda packet: packet.packet_type == engineio.packet.PONG or send(packet)


ENDINGS = {
    "a packet of Engine.IO that is none": lambda client: client.socket.eio._send_packet(engineio.packet.Packet(2)),
    "a packet of Socket.IO that is none": lambda client: client.socket.eio.send("abc"),
    "more than the server takes": lambda client: client.socket.emit("message", "x" * 1_000_001),
    "no answer to a ping": answer_no_ping,
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS.keys())
@pytest.mark.parametrize("transports", MODES.values(), ids=MODES.keys())
def test_a_client_whose_connection_the_server_ended_comes_back(transports, end):
    with Echo(ping_timeout="1000") as echo:
        client = Client(echo, transports, reconnection_delay=0.01, randomization_factor=0)
        first = client.socket.get_sid()
        end(client)
        assert client.next("auth") == ({"token": "t"},)
        assert client.socket.get_sid() != first
        assert client.call("back") == ("back",)
        client.socket.disconnect()


@pytest.mark.parametrize("transports", MODES.values(), ids=MODES.keys())
def test_an_unknown_namespace_is_refused(echo, transports):
    socket = socketio.Client(reconnection=False)
    refused = queue.Queue()
    socket.on("connect_error", refused.put, namespace="/unknown")
    with pytest.raises(socketio.exceptions.ConnectionError):
        socket.connect(echo.url, transports=transports, namespaces=["/unknown"], wait_timeout=PATIENCE_S)
    assert refused.get(timeout=PATIENCE_S) == {"message": "Invalid namespace"}
    socket.disconnect()
