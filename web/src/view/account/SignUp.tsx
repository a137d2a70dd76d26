/** Making an account. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Field } from "../../look/Field.tsx";
import { useApp, useWords } from "../context.ts";
import { Alert, Frame, Link, PasswordField, refusedForm, useForm, wrongAddress } from "./form.tsx";

const SHORTEST_PASSWORD = 8;
const LONGEST_PASSWORD = 128;
const LONGEST_NAME = 64;

export function SignUp() {
  const app = useApp();
  const words = useWords();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const wrongName = () => {
    if (name.trim() === "") return words.isNeeded(words.name);
    return [...name.trim()].length > LONGEST_NAME ? words.isTooLong(words.name, LONGEST_NAME) : undefined;
  };
  const wrongPassword = () => {
    if ([...password].length < SHORTEST_PASSWORD) return words.isTooShort;
    return [...password].length > LONGEST_PASSWORD ? words.isTooLong(words.password, LONGEST_PASSWORD) : undefined;
  };
  const { errors, isBusy, form, submit } = useForm(async () => {
    const wrong = { name: wrongName(), email: wrongAddress(words, email), password: wrongPassword() };
    if (Object.values(wrong).some((one) => one !== undefined)) return wrong;
    const outcome = await app.want({ want: "signUp", name: name.trim(), email: email.trim(), password });
    if (!outcome.ok) return blamed(outcome.refusal.message, refusedForm(words, outcome.refusal));
    app.waiting(email.trim());
    app.push({ at: "verify" });
    return undefined;
  });
  return (
    <Frame title={words.createYourAccount} lit={1}>
      <Alert text={errors["all"]} />
      <form ref={form} class="form" noValidate onSubmit={submit}>
        <Field label={words.name} autocomplete="nickname" value={name} error={errors["name"]} onText={setName} />
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
        <PasswordField
          label={words.password}
          isNew
          hint={words.passwordHint}
          value={password}
          error={errors["password"]}
          onText={setPassword}
        />
        <Button kind="main" submits aria-disabled={isBusy}>
          {words.createAccount}
        </Button>
      </form>
      <p class="frame-links">
        <Link to="login">{words.logIn}</Link>
      </p>
    </Frame>
  );
}

/** The server's sentences begin with the field that they are about. */
function blamed(message: string, otherwise: string): Record<string, string> {
  const field = ["name", "email", "password"].find((one) => message.toLowerCase().includes(one));
  return field === undefined ? { all: otherwise } : { [field]: message };
}
