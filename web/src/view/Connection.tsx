/** What is said of the connection, and what an action was refused with. */
import { useEffect, useState } from "preact/hooks";
import { useApp, useWords } from "./context.ts";

const SOON = 1_000;

export function Connection() {
  const app = useApp();
  const words = useWords();
  const { connection, pending } = app.model.value;
  const isDelayed = useDelayed(connection !== "open", connection);
  const waiting = pending.filter((one) => one.refused === undefined).length;
  const text = () => {
    if (connection === "crowded") return words.crowded;
    if (!isDelayed || connection === "open") return app.isMemoryOnly.value ? words.memoryOnly : "";
    if (connection === "connecting") return words.connecting;
    return waiting === 0 ? words.youAreOffline : `${words.youAreOffline} ${words.waitToBeSent(waiting)}`;
  };
  const alert = app.alert.value;
  const update = app.update.value;
  return (
    <div class="notices">
      <div class="connection" role="status" aria-label={words.connection}>
        {text()}
      </div>
      <div class="update" role="status" aria-label={words.update}>
        {update !== undefined && (
          <>
            {words.newVersion}
            <button type="button" class="button button-link" onClick={update}>
              {words.reload}
            </button>
          </>
        )}
      </div>
      {alert !== undefined && (
        <div class="alert alert-floating" role="alert">
          <p>{alert}</p>
          <button type="button" class="button button-link" onClick={() => app.tell(undefined)}>
            {words.dismiss}
          </button>
        </div>
      )}
    </div>
  );
}

/** True a second after `on` became true and stayed so. */
function useDelayed(on: boolean, key: string): boolean {
  const [late, setLate] = useState<string>();
  useEffect(() => {
    if (!on) return;
    const timer = setTimeout(() => setLate(key), SOON);
    return () => clearTimeout(timer);
  }, [on, key]);
  return on && late !== undefined && (late === key || key === "offline");
}
