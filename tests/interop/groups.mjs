// A group and its members' devices, as several test files need it.

/// A group called `Band` of the first person and the others, with one device each; all have heard of it.
export async function band(server, ...names) {
  const people = await server.people(...names);
  const devices = [];
  for (const person of people) devices.push(await person.connect());
  const [admin, ...others] = devices;
  const Participants = people.slice(1).map((person) => person.id);
  await admin.must("create-group-chat", { Name: "Band", Description: "Thursdays", Participants });
  const { GroupId } = await admin.next("create-group-chat-creator");
  for (const device of others) await device.next("create-group-chat-receiver");
  return { GroupId, people, devices };
}
