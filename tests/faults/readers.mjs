// A process of clients that can be stopped: connects when told to, and reports what they have once they are whole.
import { Member } from "./member.mjs";

let members = [];

process.on("message", async (question) => {
  if (question === "report") process.send(await report());
  else process.send(await begin(question));
});

async function begin({ url, people }) {
  members = people.map((person, device) => new Member({ url, person, device: 100 + device }));
  await Promise.all(members.map((member) => member.present()));
  return "present";
}

/// The connections were ended while this process was stopped, so each device finds that out first.
async function report() {
  await Promise.all(members.map(returned));
  return {
    ends: members.map((member) => member.ends),
    broken: members.flatMap((member) => member.broken),
    contents: members.map((member) => [...member.chats.values()].find((chat) => chat.kind === "group").messages.size),
  };
}

async function returned(member) {
  if (member.ends.length === 0) await new Promise((resolve) => member.once("gone", resolve));
  await member.present();
}
