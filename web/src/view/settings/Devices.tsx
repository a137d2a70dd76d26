/** Where one is logged in. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import type { Device } from "../../model/intent.ts";
import type { Words } from "../../words/en.ts";
import { reasonOf, useApp, useWords } from "../context.ts";
import { browserOf, systemOf } from "./agent.ts";
import { Region } from "./Region.tsx";

export function Devices() {
  const app = useApp();
  const words = useWords();
  const [devices, setDevices] = useState<readonly Device[]>([]);
  const list = useRef<HTMLUListElement>(null);
  const { say } = app.speech.value;
  const load = () =>
    app.want({ want: "devices" }).then((outcome) => outcome.ok && setDevices(outcome.gift.devices ?? []));
  useEffect(() => void load(), [app]);
  const end = async (device: Device) => {
    const outcome = await app.want({ want: "endDevice", device: device.id });
    if (!outcome.ok) app.tell(reasonOf(words, outcome.refusal));
    await load();
    list.current?.focus();
  };
  const names = namesOf(words, devices);
  return (
    <Region title={words.devices}>
      <ul class="devices" aria-label={words.devices} ref={list} tabIndex={-1}>
        {devices.map((device, index) => (
          <li key={device.id} class="device">
            <span class="member-name">
              <span>{names[index]}</span>
              <span class="quiet">
                {device.current ? words.thisDevice : words.lastUsed(say.when(device.seenAt, app.today.value))}
              </span>
            </span>
            {!device.current && (
              <Button aria-label={words.logOutDevice(names[index] ?? "")} onClick={() => void end(device)}>
                {words.logOut}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Region>
  );
}

/** "{browser} on {system}", from the second alike with a number. */
function namesOf(words: Words, devices: readonly Device[]): string[] {
  const counts = new Map<string, number>();
  return devices.map(({ agent }) => {
    const browser = browserOf(agent);
    const system = systemOf(agent);
    const plain =
      browser === undefined || system === undefined
        ? (browser ?? system ?? words.unknownDevice)
        : words.deviceOn(browser, system);
    const count = (counts.get(plain) ?? 0) + 1;
    counts.set(plain, count);
    return count === 1 ? plain : `${plain} (${count})`;
  });
}
