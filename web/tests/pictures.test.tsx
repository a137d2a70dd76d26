// @vitest-environment happy-dom
/** Pictures of people and groups: where they come from, where they stand, and how another one is chosen. */
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { Portrait } from "../src/look/Mark.tsx";
import { done, type Intent, type Outcome, refusedWith } from "../src/model/intent.ts";
import { Store } from "../src/model/store.ts";
import { Choice } from "../src/view/picture/Choice.tsx";
import { decode } from "../src/wire/decode.ts";
import { stage } from "./stage.tsx";

afterEach(cleanup);

const ME = { id: "me", name: "Me" };
const ROW = { LastChat: "2026-01-01T10:00:00.000Z", LastSeq: 0, ReadSeq: 0, Unread: 0, Rev: 3, Own: 0 };
const SETTINGS = {
  WhoPosts: "Member",
  WhoAdds: "Owner",
  WhoPins: "Moderator",
  WhoEdits: "Moderator",
  WhoMentionsAll: "Member",
  SlowMode: 0,
};

function heard(store: Store, event: string, payload: object) {
  const told = decode(event, payload, ME, 0);
  if (told?.is === "fact") store.tell(told.fact);
}

test("the lists tell pictures, and a profile changes them everywhere", () => {
  const store = new Store();
  store.tell({ is: "me", me: ME });
  heard(store, "personal-chat-list", {
    PersonalChatList: [{ ...ROW, _id: "p", Partner: "Ann", PartnerId: "ann", PartnerAvatar: "f1" }],
  });
  heard(store, "group-chat-list", { GroupChatList: [{ ...ROW, _id: "g", Name: "Band", Avatar: "f2" }] });
  const at = {
    ChatId: "g",
    Rev: 4,
    AfterSeq: 0,
    At: "2026-01-01T10:00:00.000Z",
    What: "Edited",
    By: "ann",
    ByName: "Ann",
  };
  store.tell({
    is: "group",
    chat: "g",
    news: { roster: { rev: 3, members: [{ id: "ann", name: "Ann", role: "Owner", rev: 1, picture: "f1" }] } },
  });
  expect([store.model.chats["p"]?.picture, store.model.chats["g"]?.picture]).toEqual(["f1", "f2"]);
  heard(store, "profile-changed", { Profile: { _id: "ann", Name: "Ann", Avatar: "f3" } });
  expect([store.model.chats["p"]?.picture, store.model.chats["g"]?.members[0]?.picture]).toEqual(["f3", "f3"]);
  heard(store, "profile-changed", { Profile: { _id: "ann", Name: "Ann" } });
  expect(store.model.chats["p"]?.picture).toBeUndefined();
  const Info = { Rev: 4, Name: "Band", Description: "", Settings: SETTINGS };
  heard(store, "chat-changed", { ...at, Fields: ["Avatar"], Info: { ...Info, Avatar: "f4" } });
  expect(store.model.chats["g"]?.picture).toBe("f4");
  heard(store, "chat-changed", { ...at, Rev: 5, Fields: ["Avatar"], Info: { ...Info, Rev: 5 } });
  expect(store.model.chats["g"]?.picture).toBeUndefined();
  // A list that was made before the change comes after it.
  heard(store, "group-chat-list", { GroupChatList: [{ ...ROW, _id: "g", Name: "Band", Avatar: "f4" }] });
  expect(store.model.chats["g"]?.picture).toBeUndefined();
});

test("a portrait is a picture of this server, and initials where it cannot be shown", () => {
  const { container } = render(<Portrait name="Ann" id="ann" picture="f/1" />);
  const picture = container.querySelector("img");
  expect(picture?.getAttribute("src")).toBe("/files/f%2F1/thumbnail");
  fireEvent.error(picture as HTMLImageElement);
  expect(picture?.hidden).toBe(true);
});

async function choosing(outcome: Outcome, picture?: string) {
  const all = await stage({ me: ME });
  const asked: Intent[] = [];
  Object.assign(all.app, {
    want: async (intent: Intent) => {
      asked.push(intent);
      return outcome;
    },
  });
  const chosen: (string | null)[] = [];
  const { container } = all.show(<Choice id="me" name="Me" picture={picture} onChosen={(one) => chosen.push(one)} />);
  const field = container.querySelector<HTMLInputElement>("input[type=file]");
  const choose = (file: File) => {
    Object.defineProperty(field, "files", { value: [file], configurable: true });
    fireEvent.change(field as HTMLInputElement);
  };
  return { asked, chosen, choose };
}

test("a picture that is chosen is uploaded, and one that stands can be removed", async () => {
  const { asked, chosen, choose } = await choosing(done({ file: "f9" }), "f1");
  choose(new File(["png"], "me.png", { type: "image/png" }));
  await waitFor(() => expect(chosen).toEqual(["f9"]));
  expect(asked).toMatchObject([{ want: "upload", file: { name: "me.png" } }]);
  fireEvent.click(screen.getByRole("button", { name: "Remove picture" }));
  expect(chosen).toEqual(["f9", null]);
});

test("what is no picture, or is refused, says so", async () => {
  const { asked, choose } = await choosing(refusedWith("file_413"));
  choose(new File(["pdf"], "me.pdf", { type: "application/pdf" }));
  expect((await screen.findByRole("alert")).textContent).toMatch(/no picture/);
  expect(asked).toEqual([]);
  expect(screen.queryByRole("button", { name: "Remove picture" })).toBeNull();
  choose(new File(["png"], "me.png", { type: "image/png" }));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toMatch(/no room/));
});
