/** What one can set: for oneself, for this device, and the end of it. */
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Switch } from "../../look/Field.tsx";
import type { Taste } from "../../model/taste.ts";
import { LANGUAGES } from "../../words/choose.ts";
import { BackLink } from "../BackLink.tsx";
import { useApp, useWords } from "../context.ts";
import { Account } from "./Account.tsx";
import { Devices } from "./Devices.tsx";
import { Password } from "./Password.tsx";
import { Privacy } from "./Privacy.tsx";
import { Profile } from "./Profile.tsx";
import { Region } from "./Region.tsx";

export function Settings({ panes }: { readonly panes: 1 | 2 | 3 }) {
  const words = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <main class="settings" aria-label={words.settings} id="conversation">
      <header class="conversation-head">
        {panes === 1 && <BackLink />}
        <h1 ref={heading} tabIndex={-1}>
          {words.settings}
        </h1>
      </header>
      <div class="settings-body">
        <Profile />
        <Devices />
        <Password />
        <Appearance />
        <Writing />
        <Notifications />
        <Privacy />
        <Account />
      </div>
    </main>
  );
}

function Appearance() {
  const app = useApp();
  const words = useWords();
  const language = useId();
  const taste = app.taste.value;
  const themes: readonly (readonly [Taste["theme"], string])[] = [
    ["system", words.system],
    ["light", words.light],
    ["dark", words.dark],
  ];
  return (
    <Region title={words.appearance}>
      <div class="choices" role="radiogroup" aria-label={words.theme}>
        {themes.map(([theme, name]) => (
          <label key={theme} class="choice">
            <input type="radio" name="theme" checked={taste.theme === theme} onChange={() => app.prefer({ theme })} />
            {name}
          </label>
        ))}
      </div>
      <div class="field">
        <label class="field-label" for={language}>
          {words.language}
        </label>
        <select
          id={language}
          class="select"
          value={taste.language}
          onChange={(event) => app.prefer({ language: event.currentTarget.value })}
        >
          <option value="system">{words.system}</option>
          {Object.entries(LANGUAGES).map(([tag, { name }]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </Region>
  );
}

function Writing() {
  const app = useApp();
  const words = useWords();
  return (
    <Region title={words.writing}>
      <Switch
        label={words.enterSends}
        on={app.taste.value.enterSends}
        onChange={(enterSends) => app.prefer({ enterSends })}
      />
    </Region>
  );
}

function Notifications() {
  const app = useApp();
  const words = useWords();
  const taste = app.taste.value;
  const [isDenied, setDenied] = useState(false);
  const notify = async (on: boolean) => {
    const allowed = on && "Notification" in window ? await Notification.requestPermission() : "denied";
    setDenied(on && allowed !== "granted");
    app.prefer({ notify: on && allowed === "granted" });
  };
  return (
    <Region title={words.notifications}>
      <Switch
        key={String(taste.notify) + String(isDenied)}
        label={words.notifyMe}
        on={taste.notify}
        onChange={(on) => void notify(on)}
      />
      {isDenied && <p role="alert">{words.notifyDenied}</p>}
      <Switch label={words.showTheText} on={taste.showText} onChange={(showText) => app.prefer({ showText })} />
      <Switch label={words.sound} on={taste.sound} onChange={(sound) => app.prefer({ sound })} />
    </Region>
  );
}
