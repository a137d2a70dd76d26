// Draws the client's scenes as PNG for the eye, and measures each: nothing wider than the page, no clipped control, targets large enough.
// Usage: node scenes.mjs FOLDER [LANGUAGE...]
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { composer, House, line, log, openChat, say, talkTo } from "./browser.mjs";

const [folder = "/tmp/scenes", ...languages] = process.argv.slice(2);
const WIDTHS = [320, 834, 1920];
const THEMES = ["light", "dark"];

const SCRIPT = [
  ["nina", "Is the green door open already?"],
  ["otto", "Since six. The lamps are on, the flowers are here."],
  ["nina", "Flowers? From whom?"],
  ["otto", "No card. But the porter says that he was tall, wore a grey coat, and would not give his name. He asked twice which dressing room is yours, and when the house is full he wants to be let in by the side door."],
  ["nina", "Then let us see whether he claps. 🎭"],
  ["otto", "The house is full, by the way."],
];

const house = await House.open();
await mkdir(folder, { recursive: true });
try {
  await outside();
  await inside();
} finally {
  await house.close();
}

/** The pages before the login. */
async function outside() {
  const page = await house.visitor();
  for (const at of ["login", "signup", "verify", "forgot"]) {
    await page.goto(`/app/${at}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await draw(page, at);
  }
  await page.context().close();
}

/** A small company of players, and what they say. */
async function inside() {
  const nina = await house.guest("Nina", {}, true);
  await draw(nina, "empty");
  const [otto, carla] = [await house.guest("Otto", {}, true), await house.guest("Carla", {}, true)];
  const [name, other] = [otto.account.name, carla.account.name];
  await talkTo(nina, name);
  await draw(nina, "nothing-said");
  await openChat(otto, nina.account.name);
  for (const [who, text] of SCRIPT) await say(who === "nina" ? nina : otto, text);
  await line(nina, SCRIPT.at(-1)[1]).waitFor();
  await openChat(nina, "Notes");
  await say(nina, "Second act: the lamp stands left, not right. https://example.org/props/lamps?act=2");
  await nina.getByRole("button", { name: "New group" }).click();
  const dialog = nina.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Group name" }).fill("The Seagull, first night");
  await dialog.getByRole("textbox", { name: "Description" }).fill("Everybody who is on stage or behind it. Call is at half past six.");
  for (const one of [name, other]) {
    await dialog.getByRole("searchbox").fill(one);
    await dialog.getByRole("button", { name: `Add ${one}` }).click();
  }
  await draw(nina, "new-group");
  await dialog.getByRole("button", { name: "Create group" }).click();
  await openChat(carla, "The Seagull, first night");
  for (const text of ["The curtain sticks again.", "Could somebody bring oil?", "🎭🎭"]) await say(carla, text);
  await openChat(nina, name);
  await line(nina, "by the way").waitFor();
  await draw(nina, "conversation");
  await openChat(nina, "The Seagull, first night");
  await say(nina, "I have some in my bag. Two minutes!");
  await draw(nina, "group");
  await nina.getByRole("button", { name: "Details" }).click();
  await nina.getByRole("complementary").waitFor();
  await draw(nina, "details");
  await nina.goBack();
  await nina.getByRole("button", { name: "Emoji" }).click();
  await nina.getByRole("dialog").getByRole("button", { name: "grinning face", exact: true }).waitFor();
  await draw(nina, "emoji");
  await nina.keyboard.press("Escape");
  await nina.getByRole("button", { name: "New chat" }).click();
  await nina.getByRole("dialog").getByRole("searchbox").fill("a");
  await nina.getByRole("dialog").getByRole("listitem").first().waitFor();
  await draw(nina, "new-chat");
  await nina.keyboard.press("Escape");
  await nina.keyboard.press("Escape");
  await openChat(nina, name);
  await nina.context().setOffline(true);
  await composer(nina).fill("Are you there?");
  await composer(nina).press("Enter");
  await nina.getByRole("status", { name: "Connection" }).getByText("waits to be sent").waitFor({ timeout: 60_000 });
  await draw(nina, "offline");
  await nina.context().setOffline(false);
  await log(nina).getByRole("img", { name: "Waiting to be sent" }).waitFor({ state: "detached", timeout: 60_000 });
  await nina.goto("/app/settings");
  await nina.getByRole("list", { name: "Devices" }).getByRole("listitem").first().waitFor();
  await draw(nina, "settings");
  await nina.goto("/app/chat/nothing");
  await nina.getByRole("heading", { name: "No such chat" }).waitFor();
  await draw(nina, "no-such-chat");
}

async function draw(page, scene) {
  for (const language of languages.length === 0 ? [undefined] : languages) {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width === 320 ? 640 : 900 });
      for (const theme of THEMES) {
        await page.evaluate((wanted) => { document.documentElement.dataset.theme = wanted; }, theme);
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 250))));
        await page.screenshot({ path: join(folder, `${[scene, language, width, theme].filter(Boolean).join("-")}.png`), animations: "disabled" });
      }
      assert.deepEqual(await page.evaluate(measure, width < 720 ? 44 : 24), [], `${scene} at ${width}`);
    }
  }
  await page.setViewportSize({ width: 1000, height: 800 });
}

/** What is wrong with the page as it stands. Links inside texts may be as small as their line. */
function measure(least) {
  const wrong = [];
  if (document.documentElement.scrollWidth > window.innerWidth) wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const control of document.querySelectorAll("button, input, select, textarea, a")) {
    const { width, height, right, left } = control.getBoundingClientRect();
    const isHidden = width === 0 || control.closest("[inert], .line-text, .unseen, .skip") !== null || !control.checkVisibility({ opacityProperty: true });
    if (isHidden) continue;
    const name = control.getAttribute("aria-label") ?? control.textContent ?? control.tagName;
    const label = control.closest("label");
    const box = label === null ? { width, height } : label.getBoundingClientRect();
    if (Math.min(box.width, box.height) < least - 0.5) wrong.push(`${name} is ${Math.round(box.width)} × ${Math.round(box.height)}`);
    if (right > window.innerWidth + 1 || left < -1) wrong.push(`${name} sticks out`);
    if (control.matches(".button") && control.scrollWidth > control.clientWidth + 1) wrong.push(`${name} is clipped`);
  }
  return wrong;
}
