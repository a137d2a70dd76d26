// What a bus may do and still be a hint: on its way to a node a message is lost, comes twice, or after later ones.

const LINE_END = Buffer.from("\r\n");
/// A message that is held back goes on after so many others.
const LATE = 3;

/// What a `Wire` carries from a NATS server to a node: `lost`, `doubled` and `late` are shares of the messages.
export function unruly(chance, { lost = 0, doubled = 0, late = 0 }) {
  return (pass) => {
    let rest = Buffer.alloc(0);
    let held = [];
    const message = (bytes) => {
      const freed = held.filter((one) => (one.left -= 1) <= 0);
      held = held.filter((one) => one.left > 0);
      if (chance.happens(lost)) return;
      if (chance.happens(late)) held.push({ bytes, left: LATE });
      else for (let copies = chance.happens(doubled) ? 2 : 1; copies > 0; copies -= 1) pass(bytes);
      for (const one of freed) pass(one.bytes);
    };
    return (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (let cut; (cut = length(rest)); rest = rest.subarray(cut)) {
        const whole = rest.subarray(0, cut);
        if (isMessage(whole)) message(whole);
        else pass(whole);
      }
    };
  };
}

const isMessage = (bytes) => /^H?MSG /i.test(bytes.subarray(0, 5).toString());

/// How long the first operation in these bytes is, its payload included; 0 if it is not whole yet.
function length(bytes) {
  const end = bytes.indexOf(LINE_END);
  if (end < 0) return 0;
  const head = end + LINE_END.length;
  if (!isMessage(bytes)) return head;
  const payload = Number(bytes.subarray(0, end).toString().split(" ").at(-1));
  const whole = head + payload + LINE_END.length;
  return bytes.length >= whole ? whole : 0;
}
