// After a fault: whatever can be read back must be whole, the same for everybody, and hold everything that was acknowledged.
import assert from "node:assert/strict";

/// Reads every chat back as each member sees it, live and by `sync` until now, in history, and by `sync` from the beginning, and
/// compares. Returns how many messages there are.
export async function holds({ server, members, book }) {
  assert.ok(server.running, "the server is there");
  const chats = new Map();
  for (const member of members) {
    await member.present();
    await agrees(member, chats);
  }
  for (const member of members) assert.deepEqual(member.broken, [], `what ${member.id} saw`);
  assert.deepEqual(book.broken, []);
  return keeps(book, chats);
}

/// One member's views. The first view of a chat becomes the one that all others are held against.
async function agrees(member, chats) {
  const histories = new Map();
  for (const chat of member.chats.keys()) histories.set(chat, await member.history(chat));
  const synced = await member.everything();
  const rows = await member.lists();
  for (const [chat, transcript] of member.chats) {
    const history = histories.get(chat);
    const lines = history.map(line);
    if (!chats.has(chat)) chats.set(chat, lines);
    assert.deepEqual(history.map((message) => message.Seq), numbers(lines.length), `Seq in ${chat}`);
    same(lines, chats.get(chat), `${chat} in the history of ${member.id}`);
    same(synced.get(chat).map(line), lines, `${chat} by sync for ${member.id}`);
    const heard = [...transcript.messages].sort(([one], [other]) => one - other);
    same(heard.map(([Seq, message]) => line({ Seq, ...message })), lines, `${chat} as ${member.id} heard it`);
    if (rows.has(chat)) badge(member, rows.get(chat), history, synced.get(chat));
  }
}

/// Unread counts are the others' messages after the read pointer.
function badge(member, { _id, LastSeq, ReadSeq, Unread }, history, synced) {
  assert.equal(LastSeq, history.length, `LastSeq of ${_id}`);
  const unread = synced.filter((message) => message.Seq > ReadSeq && message.SenderId !== member.id);
  assert.equal(Unread, unread.length, `Unread of ${_id} for ${member.id}`);
}

/// Everything acknowledged is in its place, and nothing is there twice or from nowhere.
function keeps(book, chats) {
  const places = new Map();
  for (const [chat, lines] of chats) {
    for (const stored of lines) {
      const [Seq, _id, Content] = stored.split(" ");
      assert.ok(!places.has(Content), `${Content} is stored twice`);
      assert.equal(book.sent.get(Content)?.chat, chat, `${Content} was sent to another chat, or never`);
      places.set(Content, `${Seq} ${_id}`);
    }
  }
  for (const [Content, { Seq, _id }] of book.acked) assert.equal(places.get(Content), `${Seq} ${_id}`, `${Content} was acknowledged`);
  for (const [Content, { ClientId }] of book.sent) {
    if (ClientId) assert.ok(book.acked.has(Content), `${Content} was sent until it was acknowledged`);
  }
  return places.size;
}

const numbers = (count) => Array.from({ length: count }, (_, n) => n + 1);
const line = ({ Seq, _id, Content }) => `${Seq} ${_id} ${Content}`;

/// As `deepEqual`, but with a message that can be read when the lists are long.
function same(found, expected, what) {
  const at = Array.from({ length: Math.max(found.length, expected.length) }).findIndex((_, n) => found[n] !== expected[n]);
  assert.equal(at, -1, `${what}: ${found.length} for ${expected.length} messages, "${found[at]}" for "${expected[at]}"`);
}
