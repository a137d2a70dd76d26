/** Puts a text where one can paste it from. */
import type { App } from "./context.ts";

/** Browsers give the clipboard over HTTPS and on this machine alone, and may refuse it. */
export async function copy(app: App, text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    app.tell(app.speech.value.words.notCopied);
    return false;
  }
}
