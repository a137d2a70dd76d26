// Files: attached, on their way, shown in lines, looked at, fetched, answered, passed on, and gone.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { act, composer, House, isAccessible, isClean, line, link, log, openChat, say, talkTo } from "./browser.mjs";
import { attach, png, text, waiting, wav } from "./files-of.mjs";

let house;
before(async () => {
  house = await House.open({ "files.max_size": "200KiB" });
});
after(() => house.close());

/** Two people who have their chat open. */
async function talking(options = {}) {
  const [ann, bob] = [await house.guest("Ann", options), await house.guest("Bob")];
  await talkTo(ann, bob.account.name);
  await say(ann, "here it comes");
  await openChat(bob, ann.account.name);
  await line(bob, "here it comes").waitFor();
  return { ann, bob };
}

const image = (page, name) => log(page).getByRole("link", { name: `Image ${name}`, exact: true });
const download = (page, name) => log(page).getByRole("link", { name: new RegExp(`^Download ${name}, `) });

/** Holds requests until they are let go. Those of a page that is gone are nobody's any more. */
async function holding(page, what) {
  const held = [];
  let isHolding = true;
  await page.context().route(what, (route) => (isHolding ? held.push(route) : route.continue()));
  return async () => {
    isHolding = false;
    await Promise.all(held.map((route) => route.continue().catch(() => undefined)));
  };
}

async function isFetched(page, what, bytes) {
  const [file] = await Promise.all([page.waitForEvent("download"), what.click()]);
  assert.deepEqual(await readFile(await file.path()), bytes);
}

test("files go with a text, and the other looks at them and fetches them", async () => {
  const { ann, bob } = await talking();
  const [picture, plan, sound] = [png(800, 600), text("plan.txt"), wav()];
  await attach(ann, picture, plan, sound);
  await waiting(ann, "stage.png").waitFor();
  await isAccessible(ann, "files beside the text");
  await say(ann, "all of it");
  await waiting(ann, "stage.png").waitFor({ state: "detached" });
  for (const page of [ann, bob]) {
    await image(page, "stage.png").waitFor();
    await line(page, "all of it").locator("audio").waitFor();
  }
  await isAccessible(bob, "files in a line");
  await isFetched(bob, download(bob, "plan.txt"), plan.buffer);
  await isFetched(bob, download(bob, "silence.wav"), sound.buffer);
  await image(bob, "stage.png").click();
  const viewer = bob.getByRole("dialog", { name: "stage.png" });
  await viewer.getByRole("link", { name: "Download" }).waitFor();
  await bob.waitForFunction(() => document.querySelector("dialog img")?.naturalWidth === 800);
  await isAccessible(bob, "a picture alone");
  await viewer.getByRole("button", { name: "Close" }).click();
  await viewer.waitFor({ state: "detached" });
  await bob.reload();
  await image(bob, "stage.png").waitFor();
  isClean(ann);
  isClean(bob);
});

test("a file alone is a message, known by its name", async () => {
  const { ann, bob } = await talking();
  await attach(ann, text("call sheet.txt"));
  await ann.getByRole("button", { name: "Send" }).click();
  await download(bob, "call sheet.txt").waitFor();
  const { name } = bob.account;
  await ann.getByRole("link", { name, description: "You: call sheet.txt" }).waitFor();
  await act(bob, "call sheet.txt", "Reply");
  await say(bob, "thank you");
  await log(ann).getByRole("link", { name: "In reply to You: File" }).waitFor();
  await act(ann, "call sheet.txt", "Forward");
  await ann.getByRole("dialog", { name: "Forward to" }).getByRole("button", { name: "Notes" }).click();
  await ann.getByRole("main", { name: "Notes" }).waitFor();
  await download(ann, "call sheet.txt").waitFor();
  await openChat(ann, name);
  const file = log(ann).getByRole("article").filter({ has: ann.getByRole("link", { name: /^Download call sheet/ }) });
  await file.hover();
  await file.getByRole("button", { name: "Message actions" }).click();
  assert.equal(await ann.getByRole("menuitem", { name: "Copy text" }).count(), 0);
  await ann.getByRole("menuitem", { name: "Delete for everyone" }).click();
  await ann.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  for (const page of [ann, bob]) {
    await line(page, "This message was deleted.").waitFor();
    await download(page, "call sheet.txt").waitFor({ state: "detached" });
  }
  await openChat(ann, "Notes");
  await isFetched(ann, download(ann, "call sheet.txt"), text("").buffer);
  isClean(ann);
  isClean(bob);
});

test("the text of a message with files can be taken away, and the files stay", async () => {
  const { ann, bob } = await talking();
  await attach(ann, png(40, 40, "lamp.png"));
  await say(ann, "the wrong lamp");
  await image(bob, "lamp.png").waitFor();
  await act(ann, "the wrong lamp", "Edit");
  await composer(ann).fill("");
  await ann.getByRole("button", { name: "Save" }).click();
  await line(bob, "the wrong lamp").waitFor({ state: "detached" });
  await image(bob, "lamp.png").waitFor();
  isClean(ann);
});

test("what is pasted and dropped waits beside the text", async () => {
  const { ann, bob } = await talking();
  const drop = await ann.evaluateHandle(() => {
    const all = new DataTransfer();
    all.items.add(new File(["to be dropped"], "dropped.txt", { type: "text/plain" }));
    return all;
  });
  await ann.getByRole("main").dispatchEvent("dragenter", { dataTransfer: drop });
  await ann.getByText("Drop files to attach").waitFor();
  await isAccessible(ann, "something is dragged");
  await ann.getByRole("main").dispatchEvent("drop", { dataTransfer: drop });
  await waiting(ann, "dropped.txt").waitFor();
  await ann.getByText("Drop files to attach").waitFor({ state: "detached" });
  await composer(ann).evaluate((field) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(["to be pasted"], "pasted.txt", { type: "text/plain" }));
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  await waiting(ann, "pasted.txt").getByRole("button", { name: "Remove pasted.txt" }).click();
  await waiting(ann, "pasted.txt").waitFor({ state: "detached" });
  await ann.getByRole("button", { name: "Send" }).click();
  await download(bob, "dropped.txt").waitFor();
  assert.equal(await download(bob, "pasted.txt").count(), 0);
  isClean(ann);
});

test("what cannot be sent says why, beside its name", async () => {
  const { ann } = await talking();
  const broken = { ...png(60, 60, "broken.png"), buffer: png(60, 60).buffer.subarray(0, 60) };
  await attach(ann, text("long.txt", "x".repeat(300 * 1024)), text("empty.txt", ""), broken, text("good.txt"));
  await waiting(ann, "long.txt").getByText("Larger than 205 kB.").waitFor();
  await waiting(ann, "empty.txt").getByText("This file is empty.").waitFor();
  await waiting(ann, "broken.png").getByText("This picture cannot be read.").waitFor();
  await isAccessible(ann, "files that were refused");
  const send = ann.getByRole("button", { name: "Send" });
  assert.equal(await send.getAttribute("aria-disabled"), "true");
  for (const name of ["long.txt", "empty.txt", "broken.png"]) await ann.getByRole("button", { name: `Remove ${name}` }).click();
  await send.click();
  await download(ann, "good.txt").waitFor();
  await attach(ann, ...Array.from({ length: 11 }, (_, at) => text(`${at}.txt`)));
  await ann.getByRole("alert").getByText("A message has at most 10 files.").waitFor();
  await waiting(ann, "9.txt").waitFor();
  assert.equal(await waiting(ann, "10.txt").count(), 0);
  isClean(ann);
});

test("a message waits for its files, in its place, through a loss of the network", async () => {
  const { ann, bob } = await talking();
  await ann.context().setOffline(true);
  await ann.getByRole("status", { name: "Connection" }).getByText("You are offline.").waitFor({ timeout: 60_000 });
  await attach(ann, png(320, 200, "late.png"));
  await composer(ann).fill("with a picture");
  await composer(ann).press("Enter");
  await line(ann, "with a picture").getByRole("progressbar", { name: "late.png" }).waitFor();
  await say(ann, "and a word after it");
  await isAccessible(ann, "files that wait");
  await ann.context().setOffline(false);
  await image(bob, "late.png").waitFor({ timeout: 60_000 });
  await line(bob, "and a word after it").waitFor();
  const texts = await log(bob).getByRole("article").allInnerTexts();
  assert.ok(texts.findIndex((one) => one.includes("with a picture")) < texts.findIndex((one) => one.includes("a word after")));
  await image(ann, "late.png").waitFor();
  isClean(ann);
});

test("a reload loses neither the files beside the text nor those on their way", async () => {
  const { ann, bob } = await talking();
  const release = await holding(ann, /\/files\?/);
  await attach(ann, text("sent.txt"));
  await ann.getByRole("button", { name: "Send" }).click();
  await log(ann).getByRole("progressbar", { name: "sent.txt" }).waitFor();
  await attach(ann, text("kept.txt"));
  await waiting(ann, "kept.txt").waitFor();
  await ann.reload();
  await waiting(ann, "kept.txt").waitFor();
  await log(ann).getByRole("progressbar", { name: "sent.txt" }).waitFor();
  await release();
  await download(bob, "sent.txt").waitFor({ timeout: 60_000 });
  await ann.getByRole("button", { name: "Send" }).click();
  await download(bob, "kept.txt").waitFor();
  isClean(ann);
});

test("pictures have their place before they come, and move nothing", async () => {
  const { ann, bob } = await talking();
  const release = await holding(bob, /\/thumbnail$/);
  await attach(ann, png(800, 600), png(120, 400, "tall.png"));
  await ann.getByRole("button", { name: "Send" }).click();
  await image(bob, "tall.png").waitFor();
  await say(ann, "what stands below");
  await line(bob, "what stands below").waitFor();
  const place = () => log(bob).getByRole("article").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  const before = await place();
  await release();
  await bob.waitForFunction(() => [...document.querySelectorAll("article img")].every((one) => one.complete && one.naturalWidth > 0));
  assert.deepEqual(await place(), before);
  isClean(bob);
});

test("all of it works by keys alone, on a phone as well", async () => {
  const { ann } = await talking({ viewport: { width: 360, height: 640 } });
  await attach(ann, png(400, 300, "a.png"), png(300, 400, "b.png"));
  await composer(ann).press("Enter");
  await image(ann, "b.png").waitFor();
  await ann.getByRole("article").last().focus();
  await ann.keyboard.press("Tab");
  await ann.keyboard.press("Enter");
  await ann.getByRole("dialog", { name: "a.png" }).waitFor();
  await isAccessible(ann, "a picture on a phone");
  await ann.keyboard.press("ArrowRight");
  await ann.getByRole("dialog", { name: "b.png" }).waitFor();
  await ann.keyboard.press("ArrowRight");
  await ann.keyboard.press("ArrowLeft");
  await ann.getByRole("dialog", { name: "a.png" }).waitFor();
  await ann.keyboard.press("Escape");
  await ann.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await image(ann, "a.png").evaluate((one) => one === document.activeElement), true);
  const width = await ann.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 360, `${width} wide`);
  await attach(ann, text("c.txt"));
  await ann.getByRole("button", { name: "Remove c.txt" }).focus();
  await ann.keyboard.press("Enter");
  assert.equal(await composer(ann).evaluate((field) => field === document.activeElement), true);
  isClean(ann);
});

test("a picture that is deleted closes its viewer", async () => {
  const { ann, bob } = await talking();
  await attach(ann, png(100, 100, "secret.png"));
  await say(ann, "not for long");
  await image(bob, "secret.png").click();
  await bob.getByRole("dialog", { name: "secret.png" }).waitFor();
  await act(ann, "not for long", "Delete for everyone");
  await ann.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await bob.getByRole("dialog", { name: "secret.png" }).waitFor({ state: "detached" });
  await link(bob, ann.account.name).first().waitFor();
  isClean(bob);
});
