// Finding messages by the names of their files, and those that have files.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { finds, findsNow } from "./finder.mjs";
import { ALL_KINDS, Stage } from "./room.mjs";
import { refused } from "./shapes.mjs";
import { attached, uploadText } from "./uploads.mjs";

let stage;
before(async () => (stage = await Stage.open()));
after(() => stage?.close());

/// Files of these names, as a message of Ann's has them.
async function files(...names) {
  const made = [];
  for (const name of names) made.push((await uploadText(stage.server, stage.ann, name)).File);
  return attached(...made);
}

for (const kind of ALL_KINDS) {
  test(`a message is found by the names of its files, soon and by all who read it: ${kind}`, async () => {
    const room = await stage.room(kind);
    const [[phone]] = room.devices;
    const said = await room.say(phone, "", await files(`Invoice-${kind} 2024.pdf`, "Überblick.txt"));
    for (const [device] of room.devices) {
      const { ChatId } = room;
      const [result] = await finds(device, { Query: `invoice ${kind}` }, [said]);
      assert.deepEqual(result, { Message: said, Ranges: [] });
      for (const Query of ["überblick", "UBERBLICK txt", `"${kind} 2024 pdf"`, "invoice uberblick", "2024 tx"]) {
        await findsNow(device, { ChatId, Query }, [said]);
      }
      for (const Query of ["nvoice", '"2024 uberblick"', "invoice missing", "pdf2024"]) await findsNow(device, { ChatId, Query }, []);
    }
    room.leave();
  });
}

test("words may be spread over the text and the names, a phrase not", async () => {
  const room = await stage.room("Self");
  const [[phone]] = room.devices;
  const { ChatId } = room;
  const said = await room.say(phone, "the minutes of tuesday", await files("budget plan.txt", "上海照片.png"));
  const find = (Query) => finds(phone, { ChatId, Query }, [said]);
  assert.deepEqual((await find("minutes budget"))[0].Ranges, [[4, 7]]);
  assert.deepEqual((await find('"budget plan" tuesday'))[0].Ranges, [[15, 7]]);
  assert.deepEqual((await find("照片 minutes"))[0].Ranges, [[4, 7]]);
  assert.deepEqual((await find('"of tuesday" "budget plan txt" 上'))[0].Ranges, [[12, 2], [15, 7]]);
  for (const Query of ['"tuesday budget"', '"plan txt 上海"', '"txt minutes"', "budget wednesday"]) await findsNow(phone, { ChatId, Query }, []);
  const both = await room.say(phone, "budget", await files("budget.txt"));
  const results = await finds(phone, { ChatId, Query: "budget" }, [said, both]);
  assert.deepEqual(results.map(({ Ranges }) => Ranges), [[[0, 6]], []], "ranges are of the text alone");
  room.leave();
});

test("messages with files are found by that, at once and with words and senders", async () => {
  const { ann, bob } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  await room.say(phone, "havefile none");
  const bare = await room.say(phone, "", await files("havefile.txt"));
  const text = await room.say(phone, "havefile some", await files("other.txt"));
  const HasFile = true;
  for (const device of [phone, bobs]) {
    await finds(device, { ChatId, HasFile }, [bare, text]);
    await finds(device, { ChatId, HasFile, Query: "havefile" }, [bare, text]);
    await findsNow(device, { ChatId, HasFile, Query: "havefile some" }, [text]);
    await findsNow(device, { ChatId, HasFile, Query: "none" }, []);
    await findsNow(device, { ChatId, HasFile, From: ann.id }, [bare, text]);
    await findsNow(device, { ChatId, HasFile, From: bob.id }, []);
    await findsNow(device, { ChatId, HasFile, Before: bare.Timestamp }, []);
    const one = await device.must("search-messages", { ChatId, HasFile, Limit: 1 });
    assert.deepEqual([one.Results.length <= 1, one.HasMore, typeof one.Cursor], [true, true, "string"]);
  }
  for (const { Ranges } of await findsNow(phone, { ChatId, HasFile }, [bare, text])) assert.deepEqual(Ranges, []);
  for (const wrong of [false, "true", 1]) await refused(phone, "search-messages", [{ ChatId, Query: "x", HasFile: wrong }], "bad_request");
  for (const Query of ["", "!?", "😀"]) await refused(phone, "search-messages", [{ ChatId, Query, HasFile }], "bad_request");
  room.leave();
});

test("an edit changes nothing of what names find, a deletion ends it, a forward finds the copy", async () => {
  const { bob } = stage;
  const room = await stage.room("Group");
  const [[phone], [bobs]] = room.devices;
  const { ChatId } = room;
  const said = await room.say(phone, "wordsbefore", await files("lifelong.txt"));
  await finds(phone, { Query: "lifelong" }, [said]);
  const { Message } = await room.change(phone, "edit-message", { Seq: said.Seq, Content: "" }, "Edited");
  await findsNow(phone, { Query: "wordsbefore lifelong" }, []);
  await finds(phone, { Query: "lifelong" }, [Message]);
  const { _id, Seq, Timestamp } = await bobs.must("forward-message", { ChatId, Seq: said.Seq, To: bob.id });
  const copy = { _id, ChatId: bob.id, Seq, Timestamp, Content: "" };
  await finds(bobs, { Query: "lifelong" }, [Message, copy]);
  await findsNow(phone, { Query: "lifelong" }, [Message]);
  await room.change(phone, "delete-message", { Seq: said.Seq }, "Deleted");
  await findsNow(bobs, { Query: "lifelong" }, [copy]);
  await findsNow(phone, { Query: "lifelong" }, []);
  await findsNow(phone, { ChatId, HasFile: true }, []);
  room.leave();
});
