/** Changing the password. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { PasswordField, refusedForm, useForm } from "../account/form.tsx";
import { useApp, useWords } from "../context.ts";
import { Region } from "./Region.tsx";

const SHORTEST = 8;

export function Password() {
  const app = useApp();
  const words = useWords();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [isDone, setDone] = useState(false);
  const { errors, isBusy, form, submit } = useForm(async () => {
    setDone(false);
    const wrong = {
      current: current === "" ? words.isNeeded(words.currentPassword) : undefined,
      next: [...next].length < SHORTEST ? words.isTooShort : undefined,
    };
    if (wrong.current !== undefined || wrong.next !== undefined) return wrong;
    const outcome = await app.want({ want: "password", current, next });
    if (!outcome.ok)
      return blamed(
        outcome.refusal.code,
        words.wrongPassword,
        outcome.refusal.message,
        refusedForm(words, outcome.refusal),
      );
    setCurrent("");
    setNext("");
    setDone(true);
    return undefined;
  });
  return (
    <Region title={words.password}>
      {errors["all"] !== undefined && (
        <p class="alert" role="alert">
          {errors["all"]}
        </p>
      )}
      <form class="form" ref={form} noValidate onSubmit={submit}>
        <PasswordField label={words.currentPassword} value={current} error={errors["current"]} onText={setCurrent} />
        <PasswordField
          label={words.newPassword}
          isNew
          hint={words.passwordHint}
          value={next}
          error={errors["next"]}
          onText={setNext}
        />
        <Button submits aria-disabled={isBusy}>
          {words.changePassword}
        </Button>
      </form>
      <p role="status">{isDone ? words.passwordChanged : ""}</p>
    </Region>
  );
}

function blamed(code: string, wrong: string, message: string, otherwise: string): Record<string, string> {
  if (code === "403") return { current: wrong };
  return code === "400" && message !== "" ? { next: message } : { all: otherwise };
}
