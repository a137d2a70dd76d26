"""The published Python client over each transport: connect, send, receive, acknowledge, disconnect, reconnect."""

import itertools
import queue

import pytest
import socketio

from server import Server

PATIENCE_S = 5
MODES = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": ["polling", "websocket"]}
OPENING = ["user-id", "personal-chat-list", "group-chat-list"]
NUMBERS = itertools.count(1)
TEXT = 'é€😀 "\\ \u001e'


@pytest.fixture(scope="module")
def server():
    with Server() as running:
        yield running


class Device:
    """A connection and everything it has heard, in order."""

    def __init__(self, server, tokens, transports):
        self.heard = queue.Queue()
        self.client = socketio.Client(reconnection=False, handle_sigint=False)
        self.client.on("*", lambda event, payload: self.heard.put((event, payload)))
        self.server, self.tokens, self.transports = server, tokens, transports

    def connect(self):
        self.client.connect(self.server.url, auth=self.tokens, transports=self.transports, wait_timeout=PATIENCE_S)
        opening = dict(self.next() for _ in OPENING)
        assert list(opening) == OPENING
        return opening

    def next(self):
        return self.heard.get(timeout=PATIENCE_S)

    def must(self, event, payload):
        answer = self.client.call(event, payload, timeout=PATIENCE_S)
        assert answer["Ok"] is True, answer
        return answer


@pytest.fixture(params=MODES)
def pair(server, request):
    """Two people who share a chat, each with a device."""
    mode, number = request.param, next(NUMBERS)
    names = [f"Ann-{number}", f"Bob-{number}"]
    ann, bob = devices = [Device(server, server.login(name), MODES[mode]) for name in names]
    users = [device.connect()["user-id"] for device in devices]
    assert [user["userName"] for user in users] == names
    ids = [user["userId"] for user in users]
    ann.must("create-personal-chat", {"Receiver": ids[1]})
    event, created = ann.next()
    assert (event, set(created)) == ("create-personal-chat-creator", {"ChatId", "Partner"})
    assert bob.next() == ("create-personal-chat-partner", {"ChatId": created["ChatId"], "Partner": names[0]})
    yield mode, ann, bob, users, created["ChatId"]
    for device in devices:
        device.client.disconnect()


def test_a_journey(pair):
    mode, ann, bob, (ann_user, bob_user), chat = pair
    stored = ann.must("send-personal-message", {"ChatId": chat, "Content": TEXT})
    assert set(stored) == {"Ok", "ChatId", "_id", "Seq", "Timestamp"}
    event, heard = bob.next()
    assert event == "receive-personal-message"
    expected = {key: stored[key] for key in ("ChatId", "_id", "Seq", "Timestamp")}
    assert heard == expected | {"Content": TEXT, "Sender": ann_user["userName"], "SenderId": ann_user["userId"]}

    bob.client.emit("read-personal-message", {"ChatId": chat})
    assert ann.next() == ("read-personal-msg-ack", {"ChatId": chat, "Reader": bob_user["userId"], "Seq": 1})
    assert ann.client.transport() == MODES[mode][-1]

    bob.client.disconnect()
    ann.must("send-personal-message", {"ChatId": chat, "Content": "meanwhile"})
    [row] = bob.connect()["personal-chat-list"]["PersonalChatList"]
    assert (row["_id"], row["LastSeq"], row["Unread"]) == (chat, 2, 1)
    ann.must("send-personal-message", {"ChatId": chat, "Content": "welcome back"})
    assert bob.next()[1]["Content"] == "welcome back"
    assert bob.heard.empty() and ann.heard.empty()


def test_a_burst_keeps_its_order(pair):
    _, ann, bob, _, chat = pair
    acknowledged = queue.Queue()
    texts = [f"{number} {TEXT}" for number in range(60)]
    for text in texts:
        ann.client.emit("send-personal-message", {"ChatId": chat, "Content": text}, callback=acknowledged.put)
    assert [acknowledged.get(timeout=PATIENCE_S)["Seq"] for _ in texts] == list(range(1, 61))
    assert [bob.next()[1]["Content"] for _ in texts] == texts


def test_a_refusal_leaves_the_connection(pair):
    _, ann, _, _, chat = pair
    refused = ann.client.call("send-personal-message", {"ChatId": chat, "Content": ""}, timeout=PATIENCE_S)
    assert refused["Ok"] is False and refused["Code"] == "bad_request"
    ann.client.emit("no-such-event", {})
    event, told = ann.next()
    assert (event, told["Event"], told["Code"]) == ("request-failed", "no-such-event", "bad_request")
    ann.must("list-chats", {})


@pytest.mark.parametrize("mode", MODES)
def test_a_stranger_is_told_why(server, mode):
    device = Device(server, {"accessToken": "nonsense"}, MODES[mode])
    device.client.on("disconnect", lambda *_: device.heard.put(("disconnect", None)))
    device.client.connect(server.url, auth=device.tokens, transports=MODES[mode], wait=False)
    event, told = device.next()
    assert event == "auth-failure" and told["reason"]
    assert device.next()[0] == "disconnect"
