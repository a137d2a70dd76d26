// The server is upgraded under an open page: the page is fetched anew, or offers to be.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chats, composer, House, isClean, line, logIn, openChat, say } from "./browser.mjs";
import { Proxy } from "./proxy.mjs";

let house;
let proxy;
before(async () => {
  proxy = await Proxy.open();
  house = await House.open({ "server.public_url": proxy.url });
  proxy.standsFor(house.server.url);
  house.server.url = proxy.url;
});
after(async () => {
  await house.close();
  await proxy.close();
});

/** The page as an earlier version built it: it names files that this server does not have. */
async function earlier(page) {
  await page.route("**/app/**", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/index-[\w-]+\.js/, "index-earlier.js") });
  });
  await page.route("**/assets/index-earlier.js", async (route) => {
    const html = await (await fetch(`${house.server.url}/app/`)).text();
    const answer = await route.fetch({ url: `${house.server.url}/assets/${/index-[\w-]+\.js/.exec(html)[0]}` });
    await route.fulfill({ response: answer, body: (await answer.text()).replaceAll(/inside-[\w-]+\.js/g, "inside-earlier.js") });
  });
}

test("who logs in on the page of an earlier version comes in on the new one", async () => {
  const page = await house.visitor({ serviceWorkers: "block" });
  await house.server.command("user", "add", "--name", "Uli", "--email", "uli@example.org", "--password", "an evening at the theatre");
  page.account = { email: "uli@example.org", password: "an evening at the theatre" };
  await earlier(page);
  await page.goto("/app/login");
  await page.getByRole("main", { name: "Log in" }).waitFor();
  await page.unrouteAll();
  await logIn(page);
  const scripts = await page.evaluate(() => performance.getEntriesByType("resource").map((one) => one.name));
  assert.deepEqual(scripts.filter((name) => name.includes("earlier")), []);
  isClean(page);
});

test("a page that finds no part of its version anywhere is fetched anew once, not for ever", async () => {
  const page = await house.visitor({ serviceWorkers: "block" });
  page.account = { email: "uli@example.org", password: "an evening at the theatre" };
  let pages = 0;
  page.on("request", (request) => {
    if (request.isNavigationRequest()) pages += 1;
  });
  await earlier(page);
  await page.goto("/app/login");
  await page.getByRole("textbox", { name: "Email" }).fill(page.account.email);
  await page.getByLabel("Password", { exact: true }).fill(page.account.password);
  const again = page.waitForResponse((answer) => answer.url().endsWith("/inside-earlier.js"));
  await page.getByRole("button", { name: "Log in" }).click();
  await again;
  await page.waitForResponse((answer) => answer.url().endsWith("/inside-earlier.js"));
  await page.getByRole("alert").getByText("Something broke here.").waitFor();
  assert.equal(pages, 2);
});

test("a new version waits until one takes it over, and what one wrote is there then", async () => {
  const page = await house.guest("Vera");
  await openChat(page, "Notes");
  await say(page, "before");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await line(page, "before").waitFor();
  const update = page.getByRole("status", { name: "Update" });
  assert.equal(await update.textContent(), "");
  proxy.rewrites.set("/sw.js", (text) => text.replace(/greenroom-(?=[0-9a-f]{12})/, "greenroom-later-"));
  await composer(page).fill("half a thought");
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((one) => one.update()));
  await update.getByText("A new version is ready.").waitFor();
  await update.getByRole("button", { name: "Reload" }).click();
  await page.waitForFunction(async () => (await caches.keys()).every((name) => name.startsWith("greenroom-later-")));
  await line(page, "before").waitFor();
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "half a thought");
  await chats(page).waitFor();
  assert.equal(await update.textContent(), "");
  isClean(page);
});
