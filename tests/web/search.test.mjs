// Finding messages by their words, in all of one's chats.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { act, chats, composer, House, isAccessible, isClean, line, log, openChat, say, talkTo } from "./browser.mjs";
import { attach, text } from "./files-of.mjs";

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

const main = (page) => page.getByRole("main", { name: "Search" });
const field = (page) => main(page).getByRole("searchbox", { name: "Search messages" });
const results = (page) => main(page).getByRole("list", { name: "Results" });
const found = (page, words) => main(page).getByRole("status", { name: "Found" }).getByText(words, { exact: true });

/** Until the answer stands. */
async function type(page, words) {
  await field(page).fill(words);
  await page.locator("main[aria-busy=false]").waitFor();
}

/** What is new is found after a moment: so it is looked for until it is there. */
async function lookFor(page, words, result) {
  await field(page).waitFor();
  await assert.doesNotReject(async () => {
    for (let tries = 0; ; tries += 1) {
      await type(page, "");
      await type(page, words);
      if ((await results(page).getByRole("link", { name: result }).count()) > 0) return;
      if (tries > 20) throw new Error(`${words} was not found`);
    }
  });
}

/** Ann and Bob, who spoke of lamps. */
async function talking() {
  const [ann, bob] = [await house.guest("Ann"), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await say(ann, "the red lamp hangs over the stage door");
  await openChat(bob, ann.account.name);
  await say(bob, "a green lamp would be better");
  await line(ann, "a green lamp").waitFor();
  await openChat(ann, "Notes");
  await say(ann, "buy a lamp");
  return { ann, bob };
}

test("what was said is found from the search of chats, marked, and leads there and back", async () => {
  const { ann, bob } = await talking();
  await chats(ann).getByRole("searchbox", { name: "Search" }).fill("lamp");
  await isAccessible(ann, "the way to messages");
  await chats(ann).getByRole("link", { name: "Search messages" }).click();
  assert.equal(await field(ann).inputValue(), "lamp");
  const name = `You in ${bob.account.name}: the red lamp hangs over the stage door`;
  await lookFor(ann, "lamp", "You in Notes: buy a lamp");
  await found(ann, "3 found").waitFor();
  const names = await results(ann).getByRole("link").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  assert.deepEqual(names, ["You in Notes: buy a lamp", `${bob.account.name} in ${bob.account.name}: a green lamp would be better`, name]);
  assert.equal(await results(ann).getByRole("link", { name }).locator("mark").innerText(), "lamp");
  assert.match(ann.url(), /\/app\/search#lamp$/);
  await isAccessible(ann, "what was found");
  await results(ann).getByRole("link", { name }).click();
  await log(ann).locator("[aria-current=true]").getByText("the red lamp").waitFor();
  await ann.goBack();
  await results(ann).getByRole("link", { name }).waitFor();
  await ann.reload();
  await results(ann).getByRole("link", { name }).waitFor();
  isClean(ann);
});

test("nothing found, too much and no network are said", async () => {
  const { ann } = await talking();
  await ann.goto("/app/search");
  await field(ann).fill("chandelier");
  await found(ann, "Nothing found").waitFor();
  await field(ann).fill("🎭!");
  await found(ann, "Nothing found").waitFor();
  await field(ann).fill("one two three four five six seven eight nine");
  await main(ann).getByRole("alert").getByText("Search for at most 8 words.").waitFor();
  await isAccessible(ann, "too much");
  await field(ann).press("Escape");
  assert.equal(await field(ann).inputValue(), "");
  await main(ann).getByRole("alert").waitFor({ state: "detached" });
  await ann.context().setOffline(true);
  await ann.getByRole("status", { name: "Connection" }).getByText("You are offline.").waitFor({ timeout: 60_000 });
  await field(ann).fill("lamp");
  await main(ann).getByRole("alert").getByText("You are offline.").waitFor();
  await ann.context().setOffline(false);
  await results(ann).getByRole("link", { name: "You in Notes: buy a lamp" }).waitFor({ timeout: 60_000 });
  isClean(ann);
});

test("more than a page is found page by page", async () => {
  const ann = await house.guest("Ann");
  await openChat(ann, "Notes");
  for (let at = 1; at <= 23; at += 1) await say(ann, `lantern number ${at}.`);
  await ann.goto("/app/search");
  await lookFor(ann, "lantern", "You in Notes: lantern number 23.");
  await found(ann, "20 found").waitFor();
  await main(ann).getByRole("button", { name: "Show more" }).click();
  await results(ann).getByRole("link", { name: "You in Notes: lantern number 1.", exact: true }).waitFor();
  await found(ann, "23 found").waitFor();
  assert.equal(await main(ann).getByRole("button", { name: "Show more" }).count(), 0);
  isClean(ann);
});

test("what was deleted or edited away is found no more, what is new in it is", async () => {
  const { ann, bob } = await talking();
  const page = await house.tab(bob);
  await page.goto("/app/search#lamp");
  await lookFor(page, "lamp", "You in");
  await openChat(ann, bob.account.name);
  await act(ann, "the red lamp", "Edit");
  await composer(ann).fill("the blue lantern hangs there");
  await ann.getByRole("button", { name: "Save" }).click();
  await line(bob, "the blue lantern").waitFor();
  await field(page).fill("red");
  await found(page, "Nothing found").waitFor();
  await lookFor(page, "lant", `${ann.account.name} in ${ann.account.name}: the blue lantern hangs there`);
  await act(ann, "the blue lantern", "Delete for everyone");
  await ann.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await results(page).getByRole("link", { name: /blue lantern/ }).waitFor({ state: "detached" });
  isClean(page);
});

test("the names of files are found, on a phone too, by keys alone", async () => {
  const ann = await house.guest("Ann", { viewport: { width: 360, height: 640 } });
  await openChat(ann, "Notes");
  await attach(ann, text("seating plan.txt"));
  await ann.getByRole("button", { name: "Send" }).click();
  await log(ann).getByRole("link", { name: /^Download seating plan/ }).waitFor();
  await ann.goto("/app/search");
  await lookFor(ann, "seating", "You in Notes: seating plan.txt");
  await isAccessible(ann, "a file that was found");
  await field(ann).press("Tab");
  await ann.keyboard.press("Enter");
  await log(ann).locator("[aria-current=true]").getByRole("link", { name: /^Download seating plan/ }).waitFor();
  isClean(ann);
});
