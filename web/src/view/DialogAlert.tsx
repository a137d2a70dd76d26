/** What an action was refused with, inside the dialog that is open: what lies outside of it cannot be reached. */
import { useEffect } from "preact/hooks";
import { useApp, useWords } from "./context.ts";

export function DialogAlert() {
  const app = useApp();
  const words = useWords();
  useEffect(() => () => app.tell(undefined), [app]);
  const text = app.alert.value;
  if (text === undefined) return null;
  return (
    <div class="alert" role="alert">
      <p>{text}</p>
      <button type="button" class="button button-link" onClick={() => app.tell(undefined)}>
        {words.dismiss}
      </button>
    </div>
  );
}
