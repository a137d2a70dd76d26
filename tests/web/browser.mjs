// Chromium, and people who use the client in it. Everything is found by role and accessible name.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";

import { chromium } from "playwright-core";

import { Server } from "../interop/server.mjs";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** For machines that build beside it. */
const PATIENCE = 60_000;

/** Whether there is time for the long forms of tests. */
export const isLong = process.env.WEB_TESTS === "long";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let started = 0;

/** A window in which the details stand beside the conversation. */
export const WIDE = { viewport: { width: 1300, height: 800 } };

/** A server and a browser for the tests of one file. */
export class House {
  static async open(settings = {}) {
    const house = new House();
    house.server = await Server.start({ "limits.enabled": "false", ...settings });
    house.browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
    return house;
  }

  async close() {
    await this.browser.close();
    await this.server.close();
  }

  /** A browser of its own at the first page. Whatever its scripts complain about fails the test that looks at `complaints`. */
  async visitor(options = {}) {
    const context = await this.browser.newContext({ baseURL: this.server.url, locale: "en-US", timezoneId: "Europe/Berlin", viewport: { width: 1000, height: 800 }, ...options });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    page.complaints = [];
    watch(page, this.server.url);
    return page;
  }

  /** A person with an account, logged in and at the chats. Names are made unique, unless this is the only one of that name. */
  async guest(first, options = {}, isAlone = false) {
    started += 1;
    const name = isAlone ? first : `${first} ${process.pid}${started}`;
    const email = `web.${process.pid}.${started}@example.org`;
    const password = `green room ${started} evening`;
    await this.server.command("user", "add", "--name", name, "--email", email, "--password", password);
    const page = await this.visitor(options);
    Object.assign(page, { account: { name, email, password } });
    await page.goto("/app/");
    await logIn(page);
    return page;
  }

  async tab(page) {
    const tab = await page.context().newPage();
    tab.complaints = page.complaints;
    tab.account = page.account;
    watch(tab, this.server.url);
    return tab;
  }
}

function watch(page, url) {
  page.on("console", (message) => {
    const isNetwork = /Failed to load resource|WebSocket connection|ERR_/.test(message.text());
    if (message.type() === "error" && !isNetwork) page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== url) page.complaints.push(`asked elsewhere: ${request.url()}`);
  });
}

export async function logIn(page) {
  const { email, password } = page.account;
  await page.getByRole("main", { name: "Log in" }).waitFor();
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await chats(page).waitFor();
}

export const chats = (page) => page.getByRole("navigation", { name: "Chats" });
export const link = (page, name) => chats(page).getByRole("list", { name: "Chats" }).getByRole("link", { name });
export const log = (page) => page.getByRole("log", { name: "Messages" });
export const composer = (page) => page.getByRole("textbox", { name: /^Message / });
export const details = (page) => page.getByRole("complementary", { name: "Details" });

/** Opens the chat with somebody by the dialog "New chat". */
export async function talkTo(page, name) {
  await page.getByRole("button", { name: "New chat" }).click();
  const dialog = page.getByRole("dialog", { name: "New chat" });
  await dialog.getByRole("searchbox", { name: "Name" }).fill(name);
  await dialog.getByRole("list", { name: "People" }).getByRole("button", { name, exact: true }).click();
  await page.getByRole("main", { name, exact: true }).waitFor();
}

export async function openChat(page, name) {
  await link(page, name).first().click();
  await page.getByRole("main").filter({ has: composer(page) }).waitFor();
}

/** Writes and sends, and waits until the line stands. */
export async function say(page, text) {
  await composer(page).fill(text);
  await composer(page).press("Enter");
  await line(page, text).waitFor();
}

export const line = (page, text) => log(page).getByRole("article").filter({ hasText: text });

/** One's own line with its mark. */
export async function marked(page, text, mark) {
  await line(page, text).getByRole("img", { name: mark, exact: true }).waitFor({ timeout: 60_000 });
}

/** Chooses something from the menu of a line. */
export async function act(page, text, item) {
  await line(page, text).hover();
  await line(page, text).getByRole("button", { name: "Message actions" }).click();
  await page.getByRole("menu", { name: "Message actions" }).getByRole("menuitem", { name: item, exact: true }).click();
}

/** As another tab would choose it. */
export async function speak(page, language) {
  await page.evaluate((chosen) => {
    const taste = JSON.parse(localStorage.getItem("greenroom-taste") ?? "{}");
    localStorage.setItem("greenroom-taste", JSON.stringify({ ...taste, language: chosen }));
    dispatchEvent(new StorageEvent("storage", { key: "greenroom-taste" }));
  }, language);
  await page.waitForFunction((chosen) => document.documentElement.lang.startsWith(chosen), language);
}

/** axe finds nothing, by WCAG 2.2 AA and best practices. */
export async function isAccessible(page, what) {
  // What fades in has its own colours only at the end.
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.all(ending.map((one) => one.finished.catch(() => undefined)));
  });
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(" | ")}`);
  assert.deepEqual(told, [], what);
}

export function isClean(page) {
  assert.deepEqual(page.complaints, []);
}
