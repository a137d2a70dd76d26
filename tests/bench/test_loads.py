"""What loads are made of: the same words and pictures every time, and reports that say what was measured."""

import sqlite3
import tempfile
import unittest
from pathlib import Path

from rig.files import report
from rig.history import talk
from rig.photo import HEIGHT, WIDTH, photo
from rig.words import Speech

SCHEMA = """
CREATE TABLE chat (id BLOB, name TEXT, created_at INTEGER, last_seq INTEGER DEFAULT 0, last_message_at INTEGER);
CREATE TABLE member (chat_id BLOB, user_id BLOB, position INTEGER, read_seq INTEGER DEFAULT 0);
CREATE TABLE message (chat_id, seq, id, sender_id, content, client_id, sent_at, PRIMARY KEY (chat_id, seq));
INSERT INTO chat (id, name, created_at) VALUES (x'01', 'Group', 100000000), (x'02', 'Group', 100000000), (x'03', NULL, 9);
INSERT INTO member (chat_id, user_id, position) VALUES (x'01', x'0a', 1), (x'02', x'0b', 1), (x'03', x'0c', 1);
"""


class Words(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.speech = Speech(1)
        cls.texts = list(cls.speech.texts(20_000))

    def test_talk_is_the_same_from_one_seed_and_another_from_another(self):
        self.assertEqual(self.texts[:200], list(Speech(1).texts(20_000))[:200])
        self.assertNotEqual(self.texts[:200], list(Speech(2).texts(20_000))[:200])

    def test_some_words_are_said_all_the_time_and_most_hardly_ever(self):
        said = " ".join(self.texts).split()
        self.assertGreater(said.count(self.speech.words[0]), 30 * said.count(self.speech.words[300]))
        self.assertGreater(len(set(said)), 5_000)

    def test_what_people_look_for_has_been_said(self):
        speech, texts = self.speech, [text.split() for text in self.texts]
        for query in speech.queries()["word"]:
            self.assertTrue(any(query.strip() in text for text in texts), query)
        self.assertFalse(any("qqqq" in text for text in self.texts))

    def test_a_history_is_without_gaps_and_read_by_all(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "data").mkdir()
            database = sqlite3.connect(Path(folder) / "data" / "greenroom.db")
            database.executescript(SCHEMA)
            size = talk(Path(folder), 300)
            chats = database.execute("SELECT chat_id, max(seq), count(*), max(sent_at) FROM message GROUP BY chat_id")
            told = database.execute("SELECT id, last_seq, last_seq, last_message_at FROM chat WHERE last_seq > 0")
            self.assertEqual(chats.fetchall(), told.fetchall())
            self.assertEqual(database.execute("SELECT read_seq FROM member WHERE chat_id = x'03'").fetchone(), (0,))
            (text,) = database.execute("SELECT sum(length(CAST(content AS BLOB))) FROM message").fetchone()
            self.assertEqual(text, size)
            database.close()


class Files(unittest.TestCase):
    def test_a_photograph_is_the_same_each_time_and_says_how_large_it_is(self):
        picture = photo()
        self.assertEqual(picture, photo())
        self.assertEqual(picture[:2] + picture[-2:], b"\xff\xd8\xff\xd9")
        at = picture.index(b"\xff\xc0")
        self.assertEqual(picture[at + 5 : at + 9], HEIGHT.to_bytes(2) + WIDTH.to_bytes(2))

    def test_of_a_file_that_was_under_way_the_rest_counts(self):
        found = report([(0.0, 1.0), (1.0, 3.0), (3.0, 4.0)], 2.0, used=12.0, took=2.0, mib=4.0)
        self.assertEqual((found["cpu_ms_per_mib"], found["mib_per_s"]), (2.0, 3.0))


if __name__ == "__main__":
    unittest.main()
