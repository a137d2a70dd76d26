/** Proving an address by the code that was mailed. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Field } from "../../look/Field.tsx";
import { useApp, useWords } from "../context.ts";
import { Alert, Frame, Link, refusedForm, useForm, wrongAddress } from "./form.tsx";

export function Verify() {
  const app = useApp();
  const words = useWords();
  const [known] = useState(app.waiting());
  const [address, setAddress] = useState(known ?? "");
  const [code, setCode] = useState("");
  const [note, setNote] = useState<string>();
  const { errors, isBusy, form, submit } = useForm(async () => {
    setNote(undefined);
    const wrong = {
      email: wrongAddress(words, address),
      code: code.trim() === "" ? words.isNeeded(words.code) : undefined,
    };
    if (wrong.email !== undefined || wrong.code !== undefined) return wrong;
    const outcome = await app.want({ want: "verify", email: address.trim(), code: code.replace(/\s/g, "") });
    if (!outcome.ok)
      return { all: outcome.refusal.code === "400" ? words.codeIsWrong : refusedForm(words, outcome.refusal) };
    app.loggedIn();
    return undefined;
  });
  const resend = async () => {
    setNote(undefined);
    if (wrongAddress(words, address) !== undefined) return;
    const outcome = await app.want({ want: "resend", email: address.trim() });
    setNote(outcome.ok ? words.newMailSent : refusedForm(words, outcome.refusal));
  };
  const outbox = app.about.value?.outbox;
  return (
    <Frame title={words.checkYourMail} lit={2}>
      <p>{known === undefined ? words.mailIsOnItsWayAnywhere : words.mailIsOnItsWay(known)}</p>
      {outbox !== undefined && <p class="outbox">{words.mailsGoTo(outbox)}</p>}
      <Alert text={errors["all"]} />
      <form ref={form} class="form" noValidate onSubmit={submit}>
        {known === undefined && (
          <Field
            label={words.email}
            type="email"
            autocomplete="username"
            inputMode="email"
            value={address}
            error={errors["email"]}
            onText={setAddress}
          />
        )}
        <Field
          label={words.code}
          inputMode="numeric"
          autocomplete="one-time-code"
          value={code}
          error={errors["code"]}
          onText={setCode}
        />
        <Button kind="main" submits aria-disabled={isBusy}>
          {words.confirm}
        </Button>
      </form>
      <p class="quiet" role="status" aria-label={words.mail}>
        {note}
      </p>
      <p class="frame-links">
        <Button kind="link" onClick={resend}>
          {words.sendANewMail}
        </Button>
        <Link to="signup">{words.useAnotherAddress}</Link>
      </p>
    </Frame>
  );
}
