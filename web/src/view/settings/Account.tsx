/** What this device keeps, what one may take away, and leaving: for now, or for good. */
import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Ask, Dialog } from "../../look/Dialog.tsx";
import { Switch } from "../../look/Field.tsx";
import { PasswordField, refusedForm, useForm } from "../account/form.tsx";
import { useApp, useWords } from "../context.ts";
import { Region } from "./Region.tsx";

export function Account() {
  const app = useApp();
  const words = useWords();
  const [dialog, setDialog] = useState<"out" | "delete">();
  const close = () => setDialog(undefined);
  const leave = () => (app.model.value.pending.length > 0 ? setDialog("out") : void app.logOut());
  return (
    <Region title={words.account}>
      <Switch label={words.keepMessages} on={app.taste.value.keep} onChange={(keep) => app.prefer({ keep })} />
      <p>
        <a class="standing-link" href="/me/export" download="greenroom.json">
          {words.exportMyData}
        </a>
      </p>
      <div class="details-buttons">
        <Button onClick={leave}>{words.logOut}</Button>
        <Button kind="danger" onClick={() => setDialog("delete")}>
          {words.deleteAccount}
        </Button>
      </div>
      {dialog === "out" && (
        <Ask
          title={words.logOutAsk}
          hint={words.logOutHint}
          verb={words.logOut}
          cancel={words.cancel}
          onYes={() => void app.logOut()}
          onClose={close}
        />
      )}
      {dialog === "delete" && <DeleteAccount onClose={close} />}
    </Region>
  );
}

function DeleteAccount({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const words = useWords();
  const [password, setPassword] = useState("");
  const { errors, isBusy, form, submit } = useForm(async () => {
    if (password === "") return { password: words.isNeeded(words.currentPassword) };
    const outcome = await app.want({ want: "deleteAccount", password });
    if (!outcome.ok)
      return { password: outcome.refusal.code === "403" ? words.wrongPassword : refusedForm(words, outcome.refusal) };
    await app.logOut();
    return undefined;
  });
  return (
    <Dialog title={words.deleteAccountAsk} hint={words.deleteAccountHint} onClose={onClose} asks>
      <form class="form" ref={form} noValidate onSubmit={submit}>
        <PasswordField
          label={words.currentPassword}
          value={password}
          error={errors["password"]}
          onText={setPassword}
          autofocus
        />
        <div class="dialog-buttons">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="danger" submits aria-disabled={isBusy}>
            {words.deleteAccount}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
