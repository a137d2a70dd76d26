/** Asking for a link to choose a new password. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Field } from "../../look/Field.tsx";
import { useApp, useWords } from "../context.ts";
import { Alert, Frame, Link, refusedForm, useForm, wrongAddress } from "./form.tsx";

export function Forgot() {
  const app = useApp();
  const words = useWords();
  const [email, setEmail] = useState(app.waiting() ?? "");
  const [asked, setAsked] = useState<string>();
  const { errors, isBusy, form, submit } = useForm(async () => {
    setAsked(undefined);
    const wrong = wrongAddress(words, email);
    if (wrong !== undefined) return { email: wrong };
    const outcome = await app.want({ want: "forgot", email: email.trim() });
    if (!outcome.ok) return { all: refusedForm(words, outcome.refusal) };
    setAsked(email.trim());
    return undefined;
  });
  return (
    <Frame title={words.forgotYourPassword} lit={2}>
      <Alert text={errors["all"]} />
      <form ref={form} class="form" noValidate onSubmit={submit}>
        <Field
          label={words.email}
          type="email"
          autocomplete="username"
          inputMode="email"
          spellcheck={false}
          value={email}
          error={errors["email"]}
          onText={setEmail}
        />
        <Button kind="main" submits aria-disabled={isBusy}>
          {words.sendALink}
        </Button>
      </form>
      <p role="status" aria-label={words.mail}>
        {asked === undefined ? "" : words.linkIsOnItsWay(asked)}
      </p>
      <p class="frame-links">
        <Link to="login">{words.logIn}</Link>
      </p>
    </Frame>
  );
}
