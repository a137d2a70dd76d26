"""Fills a chat's history by SQL, in the schema of `migration/`, before a server opens the database."""

import sqlite3
from pathlib import Path
from uuid import UUID

FILL = """
WITH RECURSIVE place(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM place WHERE seq < :messages)
INSERT INTO message (chat_id, seq, id, sender_id, content, client_id, sent_at)
SELECT :chat, seq, randomblob(16), :sender, printf('message %d, as long as people write them', seq), NULL, :start + seq
FROM place
"""


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
