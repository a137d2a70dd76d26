/** The keys, as a list. */
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import { useWords } from "./context.ts";

export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const { keys } = words;
  const rows: readonly (readonly [string, string])[] = [
    ["Ctrl K · ⌘ K", keys.search],
    ["Alt ↑ ↓", keys.other],
    ["Alt Shift ↓", keys.nextUnread],
    ["Esc", keys.close],
    ["Enter · Ctrl Enter · ⌘ Enter", keys.send],
    ["Shift Enter", keys.breakLine],
    ["↑", keys.editLast],
    ["↑ ↓ Home End", keys.move],
    ["Enter", keys.actions],
    ["R", keys.replyKey],
    ["E", keys.reactKey],
    ["C", keys.copyKey],
    ["F6", keys.pane],
    ["?", keys.help],
  ];
  return (
    <Dialog title={words.keyboardShortcuts} onClose={onClose}>
      <dl class="keys">
        {rows.map(([key, does]) => (
          <div key={key + does}>
            <dt>{key}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <div class="dialog-buttons">
        <Button onClick={onClose}>{words.close}</Button>
      </div>
    </Dialog>
  );
}
