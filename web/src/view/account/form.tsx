/** What the pages before the login share: their frame, a password's field, and a form that is sent once at a time. */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { Field } from "../../look/Field.tsx";
import { IconButton } from "../../look/Button.tsx";
import { Logo } from "../../look/Icon.tsx";
import { Mirror } from "../../look/Mark.tsx";
import type { Refusal } from "../../model/intent.ts";
import { reasonOf, useApp, useWords } from "../context.ts";
import type { Words } from "../../words/en.ts";

export interface FrameProps {
  readonly title: string;
  /** How far one has come, in bulbs. */
  readonly lit: number;
  readonly children: ComponentChildren;
}

export function Frame({ title, lit, children }: FrameProps) {
  const words = useWords();
  return (
    <main class="frame" aria-label={title}>
      <header class="frame-head">
        <Logo />
        <span class="frame-name">Greenroom</span>
        <span class="frame-tagline quiet">{words.tagline}</span>
      </header>
      <div class="frame-card">
        <Mirror lit={lit} />
        <h1 tabIndex={-1}>{title}</h1>
        {children}
      </div>
    </main>
  );
}

export function PasswordField(props: {
  readonly label: string;
  readonly value: string;
  readonly isNew?: boolean;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly autofocus?: boolean;
  readonly onText: (text: string) => void;
}) {
  const words = useWords();
  const [isShown, setShown] = useState(false);
  const { isNew = false, ...rest } = props;
  return (
    <Field
      {...rest}
      type={isShown ? "text" : "password"}
      autocomplete={isNew ? "new-password" : "current-password"}
      spellcheck={false}
      aside={
        <IconButton icon="eye" label={words.showPassword} aria-pressed={isShown} onClick={() => setShown(!isShown)} />
      }
    />
  );
}

export type Errors = Readonly<Record<string, string | undefined>>;

/** Checks, sends, and says what is wrong; a second press while the first is on its way does nothing. */
export function useForm(send: () => Promise<Errors | undefined>) {
  const [errors, setErrors] = useState<Errors>({});
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setErrors({});
    const wrong = await send();
    setBusy(false);
    if (wrong === undefined) return;
    setErrors(wrong);
    // The first field in error, once it is marked.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return { errors, isBusy, form, submit };
}

/** Why a form was refused, where it is no field's fault. */
export function refusedForm(words: Words, refusal: Refusal): string {
  return refusal.code === "429" ? words.tooManyTries(refusal.retryAfter ?? 60) : reasonOf(words, refusal);
}

export function Alert({ text }: { readonly text: string | undefined }) {
  const { words } = useApp().speech.value;
  const [dismissed, setDismissed] = useState<string>();
  if (text === undefined || text === dismissed) return null;
  return (
    <div class="alert" role="alert">
      <p>{text}</p>
      <button type="button" class="button button-link" onClick={() => setDismissed(text)}>
        {words.dismiss}
      </button>
    </div>
  );
}

export function Link({
  to,
  children,
}: {
  readonly to: "signup" | "login" | "forgot" | "verify";
  readonly children: ComponentChildren;
}) {
  const app = useApp();
  return (
    <a
      href={`/app/${to}`}
      onClick={(event) => {
        event.preventDefault();
        app.push({ at: to });
      }}
    >
      {children}
    </a>
  );
}

const ADDRESS = /^[^\s@]+@[^\s@]+$/;

export function wrongAddress(words: Words, email: string): string | undefined {
  if (email.trim() === "") return words.isNeeded(words.email);
  return ADDRESS.test(email.trim()) ? undefined : words.isNoAddress;
}
