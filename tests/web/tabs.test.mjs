// Several tabs of one person: each is a whole client, and what a closed one left is sent by another.
import { after, before, test } from "node:test";

import { composer, House, isClean, line, link, marked, openChat, say, talkTo } from "./browser.mjs";

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

test("what one tab says and reads, the other shows", async () => {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await say(ann, "from the first tab");
  const second = await house.tab(ann);
  await second.goto(ann.url());
  await line(second, "from the first tab").waitFor();
  await say(second, "from the second tab");
  await line(ann, "from the second tab").waitFor();
  await openChat(bob, ann.account.name);
  await marked(ann, "from the second tab", "Read");
  await marked(second, "from the first tab", "Read");
  await composer(second).fill("a thought");
  await ann.waitForFunction(() => document.querySelector("textarea")?.value === "a thought");
  isClean(ann);
});

test("what a tab could not send before it was closed is sent by the next", async () => {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await say(ann, "hello");
  await marked(ann, "hello", "Sent");
  await ann.context().setOffline(true);
  await say(ann, "left behind");
  await marked(ann, "left behind", "Waiting to be sent");
  const address = ann.url();
  await ann.close();
  await ann.context().setOffline(false);
  const next = await house.tab(ann);
  await next.goto(address);
  await marked(next, "left behind", "Sent");
  await link(bob, `${ann.account.name}, 2 unread`).waitFor();
  isClean(next);
});

test("logging out in one tab logs out in all", async () => {
  const page = await house.guest("Zoe");
  const second = await house.tab(page);
  await second.goto("/app/settings");
  await second.getByRole("button", { name: "Log out", exact: true }).click();
  await second.getByRole("main", { name: "Log in" }).waitFor();
  await page.getByRole("main", { name: "Log in" }).waitFor();
  isClean(page);
});
