// @vitest-environment happy-dom
/** Looking for messages: what is asked, what stands there, and where it leads. */
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { done, type Intent, type Outcome, refusedWith } from "../src/model/intent.ts";
import { type Message, newChat } from "../src/model/model.ts";
import { asksTooMuch, excerpt } from "../src/model/search.ts";
import { pathOf, placeOf } from "../src/place/place.ts";
import { Selections } from "../src/sync/selections.ts";
import { Search } from "../src/view/search/Search.tsx";
import type { Answer } from "../src/wire/socket.ts";
import { stage } from "./stage.tsx";

afterEach(cleanup);

const said = (seq: number, text: string): Message => ({
  id: `m${seq}`,
  seq,
  sender: "ann",
  senderName: "Ann",
  text,
  at: "2026-01-01T11:00:00.000Z",
  rev: 0,
});
const one = { chat: "c", message: said(3, "the red lamp"), ranges: [{ start: 4, length: 3 }] };

async function looking(answers: readonly Outcome[], text = "red") {
  const all = await stage({
    chats: { c: { ...newChat("c", "Group", "Band"), lastSeq: 3 } },
    current: true,
    connection: "open",
  });
  const asked: Intent[] = [];
  const left = [...answers];
  const app = Object.assign(all.app, {
    want: async (intent: Intent) => {
      asked.push(intent);
      return left.shift() ?? done({ found: [] });
    },
  });
  all.show(<Search text={text} panes={2} />);
  return { ...all, app, asked };
}

test("what was found is marked, counted, and leads to its message", async () => {
  const { asked } = await looking([
    done({ found: [one], cursor: "next" }),
    done({ found: [{ ...one, message: said(2, "red too") }] }),
  ]);
  const link = await screen.findByRole<HTMLAnchorElement>("link", { name: "Ann in Band: the red lamp" });
  expect(link.getAttribute("href")).toBe("/app/chat/c/3");
  expect(link.querySelector("mark")?.textContent).toBe("red");
  await waitFor(() => expect(screen.getByRole("status", { name: "Found" }).textContent).toBe("1 found"));
  fireEvent.click(screen.getByRole("button", { name: "Show more" }));
  await screen.findByRole("link", { name: "Ann in Band: red too" });
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  expect(asked).toEqual([
    { want: "search", text: "red" },
    { want: "search", text: "red", cursor: "next" },
  ]);
});

test("nothing found says so, also where there is nothing to look for", async () => {
  await looking([refusedWith("bad_request")], "!?");
  await waitFor(() => expect(screen.getByRole("status", { name: "Found" }).textContent).toBe("Nothing found"));
  expect(screen.queryByRole("alert")).toBeNull();
});

test("what is too much, and what the server does not do, is said", async () => {
  const { asked } = await looking([], "one two three four five six seven eight nine");
  expect((await screen.findByRole("alert")).textContent).toBe("Search for at most 8 words.");
  expect(asked).toEqual([]);
  cleanup();
  await looking([refusedWith("forbidden")]);
  expect((await screen.findByRole("alert")).textContent).toBe("This server does not search.");
});

test("what was asked too often is asked again", async () => {
  const { asked } = await looking([refusedWith("rate_limited", "", 0.01), done({ found: [one] })]);
  await screen.findByRole("link", { name: "Ann in Band: the red lamp" });
  expect(asked).toHaveLength(2);
});

test("the address follows what is typed, and a deleted message goes", async () => {
  const { place, model } = await looking([done({ found: [one] })]);
  await screen.findByRole("link", { name: "Ann in Band: the red lamp" });
  const chat = { ...newChat("c", "Group", "Band"), lastSeq: 3 };
  model.value = {
    ...model.value,
    chats: { c: { ...chat, last: { ...said(3, ""), deletedAt: "2026-01-01T12:00:00.000Z" } } },
  };
  await waitFor(() => expect(screen.queryByRole("link", { name: /red lamp/ })).toBeNull());
  fireEvent.input(screen.getByRole("searchbox", { name: "Search messages" }), { target: { value: "blue " } });
  await waitFor(() => expect(place.value).toEqual({ at: "search", text: "blue " }));
});

test("what is looked for stands behind the #, whatever it is", () => {
  for (const text of ["", "red lamp", "50% #1 / é"])
    expect(placeOf(pathOf({ at: "search", text }))).toEqual({ at: "search", text });
  expect(placeOf("/app/search#100%")).toEqual({ at: "search", text: "100%" });
});

test("an excerpt shows the first match, and cuts no letter", () => {
  const long = `${"word ".repeat(60)}lamp ${"word ".repeat(100)}`;
  const cuts = excerpt(long, [{ start: 300, length: 4 }]);
  expect(cuts[0]).toEqual({ text: "…", isFound: false });
  expect(cuts.find(({ isFound }) => isFound)?.text).toBe("lamp");
  expect(cuts.at(-1)?.text).toBe("…");
  expect(excerpt("a lamp", [{ start: 2, length: 4 }])).toEqual([
    { text: "a ", isFound: false },
    { text: "lamp", isFound: true },
  ]);
  const stars = excerpt("🌟".repeat(300), [{ start: 401, length: 1 }]);
  expect(stars.map(({ text }) => text).join("")).not.toMatch(/[\ud800-\udfff]/u);
});

test("eight words and 256 characters are not too much", () => {
  expect(asksTooMuch("a b c d e f g h!")).toBe(false);
  expect(asksTooMuch("x".repeat(257))).toBe(true);
});

test("empty pages with others after them are passed over", async () => {
  const result = {
    Message: {
      ChatId: "c",
      Sender: "Ann",
      SenderId: "ann",
      _id: "m",
      Seq: 1,
      Content: "red",
      Timestamp: "2026-01-01T00:00:00.000Z",
    },
    Ranges: [[0, 3]],
  };
  const pages: object[] = [
    { Results: [], Cursor: "1", HasMore: true },
    { Results: [result], Cursor: "2", HasMore: true },
  ];
  const asked: object[] = [];
  const ask = async (_: string, payload: object): Promise<Answer> => {
    asked.push(payload);
    return { ok: true, body: { ...pages.shift() } };
  };
  const selections = new Selections({ isOpen: true, open: () => undefined, close: () => undefined, ask });
  const outcome = await selections.want({ want: "search", text: "red" });
  expect(outcome).toMatchObject({
    ok: true,
    gift: { found: [{ chat: "c", ranges: [{ start: 0, length: 3 }] }], cursor: "2" },
  });
  expect(asked).toEqual([{ Query: "red" }, { Query: "red", Cursor: "1" }]);
});
