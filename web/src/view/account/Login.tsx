/** Logging in. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Field } from "../../look/Field.tsx";
import { useApp, useWords } from "../context.ts";
import { Alert, Frame, Link, PasswordField, refusedForm, useForm, wrongAddress } from "./form.tsx";

export function Login() {
  const app = useApp();
  const words = useWords();
  const [email, setEmail] = useState(app.waiting() ?? "");
  const [password, setPassword] = useState("");
  const { errors, isBusy, form, submit } = useForm(async () => {
    app.tell(undefined);
    const wrong = {
      email: wrongAddress(words, email),
      password: password === "" ? words.isNeeded(words.password) : undefined,
    };
    if (wrong.email !== undefined || wrong.password !== undefined) return wrong;
    const outcome = await app.want({ want: "logIn", email: email.trim(), password });
    if (outcome.ok) {
      app.loggedIn();
      return undefined;
    }
    if (outcome.refusal.code === "403") {
      app.waiting(email.trim());
      app.push({ at: "verify" });
      return undefined;
    }
    return { all: outcome.refusal.code === "401" ? words.wrongLogin : refusedForm(words, outcome.refusal) };
  });
  const reason = app.reason.value;
  return (
    <Frame title={words.logIn} lit={3}>
      <Alert text={errors["all"] ?? (reason === undefined ? undefined : words.youWereLoggedOut(reason))} />
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
        <PasswordField label={words.password} value={password} error={errors["password"]} onText={setPassword} />
        <Button kind="main" submits aria-disabled={isBusy}>
          {words.logIn}
        </Button>
      </form>
      <p class="frame-links">
        <Link to="signup">{words.createAnAccount}</Link>
        <Link to="forgot">{words.forgotYourPassword}</Link>
      </p>
    </Frame>
  );
}
