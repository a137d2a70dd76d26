// From nobody to somebody: signing up by code, logging in and out, and what is said when it goes wrong.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chats, House, isAccessible, isClean, logIn } from "./browser.mjs";

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

test("a newcomer signs up, enters the code from the mail, and is in", async () => {
  const page = await house.visitor();
  await page.goto("/");
  await page.getByRole("main", { name: "Log in" }).waitFor();
  await isAccessible(page, "log in");
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByRole("main", { name: "Create your account" }).waitFor();
  await page.getByRole("heading", { level: 1, name: "Create your account" }).waitFor();
  await isAccessible(page, "sign up");

  await page.getByRole("button", { name: "Create account" }).click();
  assert.equal(await page.getByRole("textbox", { name: "Name" }).getAttribute("aria-invalid"), "true");
  await isAccessible(page, "sign up, wrong");
  await page.getByRole("textbox", { name: "Name" }).fill("Nina");
  await page.getByRole("textbox", { name: "Email" }).fill("nina@example.org");
  await page.getByLabel("Password", { exact: true }).fill("a lovely long evening");
  await page.getByRole("button", { name: "Show password" }).click();
  assert.equal(await page.getByRole("button", { name: "Show password" }).getAttribute("aria-pressed"), "true");
  await page.getByRole("button", { name: "Create account" }).click();

  await page.getByRole("main", { name: "Check your mail" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/app/verify");
  await page.getByText(/writes its mails into the folder .*outbox/).waitFor();
  await isAccessible(page, "verify");
  await page.getByRole("textbox", { name: "Code" }).fill("000000");
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("alert").getByText("This code is wrong, expired or used up.").waitFor();
  const [mail] = await house.server.mails("nina@example.org");
  await page.getByRole("textbox", { name: "Code" }).fill(/code is (\d{6})/.exec(mail)[1]);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("main", { name: "Greenroom" }).waitFor();
  await chats(page).getByText("Nobody here yet.").waitFor();
  await isAccessible(page, "chats, empty");
  isClean(page);
});

test("a wrong password is told, the right one leads back to where one was", async () => {
  const page = await house.guest("Otto");
  await page.goto("/app/settings");
  await page.getByRole("main", { name: "Settings" }).waitFor();
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await page.getByRole("main", { name: "Log in" }).waitFor();
  await page.goto("/app/settings");
  await page.getByRole("main", { name: "Log in" }).waitFor();
  await page.getByRole("textbox", { name: "Email" }).fill(page.account.email);
  await page.getByLabel("Password", { exact: true }).fill("not this one");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("alert").getByText("Wrong address or password.").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(page.account.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("main", { name: "Settings" }).waitFor();
  isClean(page);
});

test("a forgotten password is answered alike for everybody", async () => {
  const page = await house.visitor();
  await page.goto("/app/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByRole("main", { name: "Forgot your password?" }).waitFor();
  await page.getByRole("textbox", { name: "Email" }).fill("nobody@example.org");
  await page.getByRole("button", { name: "Send a link" }).click();
  await page.getByRole("status", { name: "Mail" }).getByText("If nobody@example.org has an account").waitFor();
  await isAccessible(page, "forgot");
  isClean(page);
});

test("a session that is ended elsewhere leads to the login and says why", async () => {
  const page = await house.guest("Pia");
  const other = await house.visitor();
  other.account = page.account;
  await other.goto("/app/settings");
  await logIn(other).catch(() => undefined);
  await other.getByRole("main", { name: "Settings" }).waitFor();
  await other.getByRole("list", { name: "Devices" }).getByRole("button", { name: "Log out Chrome on Linux (2)" }).click();
  await page.getByRole("main", { name: "Log in" }).waitFor();
  await page.getByRole("alert").getByText(/^You were logged out: /).waitFor();
  isClean(page);
});
