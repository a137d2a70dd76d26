/** Who is in a group and what it allows: whatever is heard, in whatever order and however often, is what a fetch would bring. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { GroupNews, MemberRow, Roster } from "../src/model/fact.ts";
import { learned } from "../src/model/members.ts";
import {
  type Chat,
  EMPTY,
  type GroupInfo,
  type GroupSettings,
  type Model,
  newChat,
  type Role,
} from "../src/model/model.ts";
import { hindranceOf, mayAdd, mayEditGroup, mayGovern, mayPin } from "../src/model/rules.ts";

const SETTINGS: GroupSettings = {
  whoPosts: "Member",
  whoAdds: "Owner",
  whoPins: "Moderator",
  whoEdits: "Moderator",
  whoMentionsAll: "Member",
  slowMode: 0,
  openHistory: false,
};
const NOW = Date.parse("2026-01-01T12:00:00.000Z");

type Deed = { readonly who: string; readonly do: "come" | "go" | "rise" };
const deed = fc.record({ who: fc.constantFrom("a", "b", "c", "d"), do: fc.constantFrom("come", "go", "rise") });

/** What a server tells of a run of changes: a row for each, and the roster after each. */
function told(deeds: readonly Deed[]): { rows: MemberRow[]; rosters: Roster[] } {
  const members = new Map<string, MemberRow>();
  const rows: MemberRow[] = [];
  const rosters: Roster[] = [{ rev: 0, members: [] }];
  for (const { who, do: what } of deeds) {
    const rev = rosters.length;
    const row: MemberRow = { id: who, name: who, role: what === "rise" ? "Moderator" : "Member", rev };
    if (what === "go") members.delete(who);
    else if (what === "come" || members.has(who)) members.set(who, row);
    rows.push(
      what === "go" || members.has(who) ? { ...row, ...(what === "go" ? { gone: true } : {}) } : { ...row, gone: true },
    );
    rosters.push({ rev, members: [...members.values()] });
  }
  return { rows, rosters };
}

const byId = (chat: Chat) => [...chat.members].sort((one, other) => one.id.localeCompare(other.id));

test("rows and rosters in any order make the newest roster", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (deeds, dice) => {
      const { rows, rosters } = told(deeds as Deed[]);
      const newest = rosters.at(-1) as Roster;
      const order = [...dice.take(rows.length)];
      const shuffled = rows
        .map((row, index) => ({ row, at: order[index] ?? 0 }))
        .sort((one, other) => one.at - other.at);
      const begun = rosters[(order[0] ?? 0) % rosters.length] as Roster;
      const news: GroupNews[] = [{ roster: begun }, ...shuffled.map(({ row }) => ({ rows: [row, row] }))];
      const live = news.reduce(learned, newChat("c", "Group", "Band"));
      expect(byId(live)).toEqual(byId(learned(newChat("c", "Group", "Band"), { roster: newest })));
      expect(byId(learned(live, { roster: newest }))).toEqual(byId(live));
      expect(byId(learned(live, { roster: rosters[0] as Roster }))).toEqual(byId(live));
    }),
  );
});

test("of what a group is the newest stands", () => {
  const info = (rev: number, name: string): GroupInfo => ({ rev, name, description: "", settings: SETTINGS });
  const news = [info(2, "two"), info(1, "one")].map((one) => ({ info: one }));
  expect(news.reduce(learned, newChat("c", "Group", "Band")).name).toBe("two");
});

function inGroup(role: Role, settings: Partial<GroupSettings> = {}, more: Partial<Chat> = {}) {
  const me = { id: "me", name: "Me", role, rev: 1 };
  const chat: Chat = {
    ...newChat("c", "Group", "Band"),
    rev: 1,
    rosterRev: 1,
    info: { rev: 1, name: "Band", description: "", settings: { ...SETTINGS, ...settings } },
    members: [
      me,
      { id: "bob", name: "Bob", role: "Member", rev: 1 },
      { id: "mo", name: "Mo", role: "Moderator", rev: 1 },
    ],
    ...more,
  };
  const model: Model = { ...EMPTY, me: { id: "me", name: "Me" } };
  return { chat, model };
}

test("a role may what the settings name for it and those below it", () => {
  const rights = (role: Role, settings: Partial<GroupSettings> = {}) => {
    const { chat, model } = inGroup(role, settings);
    return [mayAdd, mayEditGroup, mayPin].map((may) => may(model, chat));
  };
  expect(rights("Member")).toEqual([false, false, false]);
  expect(rights("Moderator")).toEqual([false, true, true]);
  expect(rights("Owner")).toEqual([true, true, true]);
  expect(rights("Member", { whoAdds: "Member", whoEdits: "Owner", whoPins: "Member" })).toEqual([true, false, true]);
});

test("the owner governs all others, a moderator members alone", () => {
  const governed = (role: Role) => {
    const { chat, model } = inGroup(role);
    return chat.members.filter((member) => mayGovern(model, chat, member)).map(({ id }) => id);
  };
  expect([governed("Owner"), governed("Moderator"), governed("Member")]).toEqual([["bob", "mo"], ["bob"], []]);
});

test("what hinders one from writing, and until when", () => {
  const hindrance = (role: Role, settings: Partial<GroupSettings>, more: Partial<Chat> = {}) => {
    const { chat, model } = inGroup(role, settings, more);
    return hindranceOf(model, chat, NOW);
  };
  expect(hindrance("Member", {})).toBeUndefined();
  expect(hindrance("Member", { whoPosts: "Moderator" })).toEqual({ is: "posts", who: "Moderator" });
  const until = new Date(NOW + 1_000).toISOString();
  const muted = { members: [{ id: "me", name: "Me", role: "Member" as const, rev: 1, mutedUntil: until }] };
  expect(hindrance("Member", {}, muted)).toEqual({ is: "muted", until });
  const at = new Date(NOW - 4_000).toISOString();
  const message = { id: "m", seq: 1, sender: "me", senderName: "Me", text: "", at, rev: 0 };
  const window = { window: { from: 1, messages: [message] }, lastSeq: 1 };
  expect(hindrance("Member", { slowMode: 10 }, window)).toEqual({ is: "slow", seconds: 6 });
  expect(hindrance("Member", { slowMode: 4 }, window)).toBeUndefined();
  expect(hindrance("Moderator", { slowMode: 10 }, window)).toBeUndefined();
});
