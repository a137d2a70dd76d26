// A chat in the terminal: every line you type goes to one person, and what comes from them is printed.
//
//   node chat.mjs --email ann@example.org --password '...' --with Bob [--url http://127.0.0.1:8080]
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { io } from "socket.io-client";

const USAGE = "node chat.mjs --email ADDRESS --password PASSWORD --with NAME [--url http://127.0.0.1:8080]";

/// Ends the program with one sentence that a person can act on.
function stop(why) {
  console.error(why);
  process.exit(1);
}

function options() {
  const text = { type: "string" };
  try {
    const { values } = parseArgs({
      options: { email: text, password: text, with: text, url: { type: "string", default: "http://127.0.0.1:8080" } },
    });
    if (values.email && values.password && values.with) return values;
  } catch (error) {
    console.error(error.message);
  }
  return stop(`usage: ${USAGE}`);
}

async function login({ url, email, password }) {
  const answer = await fetch(`${url}/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password, source: "app" }),
  }).catch(() => stop(`No server answers at ${url}.`));
  const { success, message, accessToken, refreshToken } = await answer.json();
  return success === 1 ? { accessToken, refreshToken } : stop(`The login was refused: ${message}`);
}

/// Asks the server something and waits for its acknowledgement.
async function ask(socket, event, payload) {
  const answer = await socket.emitWithAck(event, payload);
  if (!answer.Ok) throw new Error(`${event}: ${answer.Message}`);
  return answer;
}

/// The one person whose name contains `text`, oneself aside.
async function find(socket, text, me) {
  const found = new Promise((resolve) => socket.once("searched-user", resolve));
  await ask(socket, "search-user", { Name: text, Type: "Search" });
  const people = (await found).Users.filter((user) => user._id !== me);
  const exact = people.filter((user) => user.Name === text);
  const [person, ...others] = exact.length > 0 ? exact : people;
  if (!person) stop(`Nobody here is called ${text}.`);
  if (others.length > 0) stop(`Several people match ${text}: ${people.map((user) => user.Name).join(", ")}.`);
  return person;
}

/// The chat with a person: a new one, or the one there is.
async function open(socket, person) {
  const opened = new Promise((resolve) => {
    socket.once("create-personal-chat-creator", resolve);
    socket.once("create-chat-result", resolve);
  });
  await ask(socket, "create-personal-chat", { Receiver: person._id });
  return (await opened).ChatId;
}

const { with: name, ...account } = options();
// What is not acknowledged in time, or before the connection is lost, is sent again, in order.
const socket = io(account.url, { auth: await login(account), retries: 5, ackTimeout: 5_000 });
const me = new Promise((resolve) => socket.once("user-id", resolve));
socket.on("access-token", ({ accessToken }) => (socket.auth.accessToken = accessToken));
socket.on("auth-failure", ({ reason }) => stop(`The server ended the session: ${reason}`));
socket.on("disconnect", (reason) => socket.active && console.error(`(connection lost: ${reason}; trying again)`));

const { userId, userName } = await me;
const person = await find(socket, name, userId);
const ChatId = await open(socket, person);
console.log(`You are ${userName}. Type to ${person.Name}; Ctrl-C leaves.`);

const input = createInterface({ input: process.stdin, output: process.stdout, prompt: "> " });
const print = (text) => {
  process.stdout.write(`\r${text}\n`);
  input.prompt(true);
};
socket.on("receive-personal-message", (message) => {
  if (message.ChatId !== ChatId) return;
  print(`${message.Sender}: ${message.Content}`);
  socket.emit("read-personal-message", { ChatId });
});
socket.on("sent-personal-message", (message) => message.ChatId === ChatId && print(`${userName}: ${message.Content}`));

let sending = Promise.resolve();
input.on("line", (Content) => {
  if (Content !== "") {
    // The ClientId makes sending again safe: the server stores the message once.
    const message = { ChatId, Content, ClientId: crypto.randomUUID() };
    sending = sending.then(() => ask(socket, "send-personal-message", message)).catch((error) => print(`(not sent: ${error.message})`));
  }
  input.prompt();
});
input.on("close", () => sending.finally(() => socket.disconnect()));
input.prompt();
