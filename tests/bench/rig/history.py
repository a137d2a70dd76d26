"""Fills histories by SQL, in the schema of `migration/`, before a server opens the database."""

import itertools
import random
import sqlite3
from pathlib import Path
from uuid import UUID

from .words import Speech

FILL = """
WITH RECURSIVE place(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM place WHERE seq < :messages)
INSERT INTO message (chat_id, seq, id, sender_id, content, client_id, sent_at)
SELECT :chat, seq, randomblob(16), :sender, printf('message %d, as long as people write them', seq), NULL, :start + seq
FROM place
"""
SAY = """
INSERT INTO message (chat_id, seq, id, sender_id, content, client_id, sent_at)
VALUES (?, ?, randomblob(16), ?, ?, NULL, ?)
"""
MINUTE_MS = 60_000
SEED = 7


def fill(home: Path, chat: str, messages: int) -> None:
    """Puts so many messages of its first member into an empty chat."""
    key = UUID(chat).bytes
    database = sqlite3.connect(home / "data" / "greenroom.db")
    with database:
        sender, start = database.execute(
            "SELECT user_id, created_at FROM member JOIN chat ON chat.id = chat_id WHERE chat_id = ? ORDER BY position",
            (key,),
        ).fetchone()
        database.execute(FILL, {"chat": key, "sender": sender, "start": start, "messages": messages})
        database.execute(
            "UPDATE chat SET last_seq = ?, last_message_at = ? WHERE id = ?", (messages, start + messages, key)
        )
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def talk(home: Path, messages: int, is_read: bool = True) -> int:
    """Has the members of all groups say so many things in ordinary words, some groups more than others, one a minute
    until now. Returns how many bytes of text that is."""
    database = sqlite3.connect(home / "data" / "greenroom.db")
    database.execute("PRAGMA journal_mode = WAL")
    members: dict[bytes, list[bytes]] = {}
    seats = "SELECT chat_id, user_id FROM member JOIN chat ON chat.id = chat_id WHERE chat.name IS NOT NULL"
    for chat, user in database.execute(f"{seats} ORDER BY chat_id, position"):
        members.setdefault(chat, []).append(user)
    (now,) = database.execute("SELECT max(created_at) FROM chat").fetchone()
    chance, bytes_said = random.Random(SEED), 0
    chats = list(members)
    loud = list(itertools.accumulate(1 / (at + 10) for at in range(len(chats))))
    last = dict.fromkeys(chats, (0, 0))

    def rows():
        nonlocal bytes_said
        where = iter(chance.choices(chats, cum_weights=loud, k=messages))
        for at, (chat, text) in enumerate(zip(where, Speech(SEED).texts(messages), strict=True)):
            seq, sent_at = last[chat][0] + 1, now - (messages - at) * MINUTE_MS
            last[chat] = (seq, sent_at)
            bytes_said += len(text.encode())
            yield chat, seq, chance.choice(members[chat]), text, sent_at

    with database:
        database.executemany(SAY, rows())
        spoken = [(seq, sent_at, chat) for chat, (seq, sent_at) in last.items() if seq]
        database.executemany("UPDATE chat SET last_seq = ?, last_message_at = ? WHERE id = ?", spoken)
        if is_read:
            database.executemany("UPDATE member SET read_seq = ? WHERE chat_id = ?", [(s, c) for s, _, c in spoken])
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return bytes_said
