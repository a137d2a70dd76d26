/** Choosing an emoji: a search and a grid. Its data is loaded when it is opened first. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import { SearchBox } from "../../look/Field.tsx";
import { useApp, useWords } from "../context.ts";
import { usePanes } from "../panes.ts";
import type { Emoji } from "./data.ts";

const COLUMNS = 8;
const FEW_COLUMNS = 5;

export interface EmojiDialogProps {
  readonly onChoose: (emoji: string) => void;
  readonly onClose: () => void;
}

export function EmojiDialog({ onChoose, onClose }: EmojiDialogProps) {
  const app = useApp();
  const words = useWords();
  const [text, setText] = useState("");
  const [found, setFound] = useState<readonly Emoji[]>([]);
  const [active, setActive] = useState(0);
  const grid = useRef<HTMLDivElement>(null);
  const isNarrow = usePanes() === 1;
  const columns = isNarrow ? FEW_COLUMNS : COLUMNS;
  const language = app.speech.value.tag.split("-")[0] ?? "en";
  useEffect(() => {
    let isCurrent = true;
    const search = async () => {
      const { findEmoji } = await import("./data.ts");
      const emoji = await findEmoji(language, text.trim());
      if (!isCurrent) return;
      setFound(emoji);
      setActive(0);
    };
    void search();
    return () => {
      isCurrent = false;
    };
  }, [text, language]);
  const rows = useMemo(
    () =>
      Array.from({ length: Math.ceil(found.length / columns) }, (_, row) =>
        found.slice(row * columns, (row + 1) * columns),
      ),
    [found, columns],
  );
  const moved = (event: KeyboardEvent) => {
    const next = target(event.key, active, found.length, columns);
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
    grid.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <Dialog title={words.emoji} onClose={onClose}>
      <SearchBox
        label={words.searchEmoji}
        value={text}
        onText={setText}
        autofocus
        onKeyDown={(event) => {
          const first = found[0];
          if (event.key === "Enter" && first !== undefined) {
            event.preventDefault();
            onChoose(first.unicode);
          } else if (event.key === "ArrowDown") {
            event.preventDefault();
            grid.current?.querySelectorAll("button")[active]?.focus();
          }
        }}
      />
      <div
        class={isNarrow ? "emoji-grid emoji-grid-narrow" : "emoji-grid"}
        role="grid"
        aria-label={words.emoji}
        aria-busy={found.length === 0 && text === ""}
        ref={grid}
        onKeyDown={moved}
      >
        {rows.map((row, at) => (
          <div role="row" key={row[0]?.unicode}>
            {row.map((emoji, column) => (
              <div role="gridcell" key={emoji.unicode}>
                <button
                  type="button"
                  class="emoji"
                  aria-label={emoji.name}
                  title={emoji.name}
                  tabIndex={at * columns + column === active ? 0 : -1}
                  onClick={() => onChoose(emoji.unicode)}
                >
                  {emoji.unicode}
                </button>
              </div>
            ))}
          </div>
        ))}
      </div>
      <div class="dialog-buttons">
        <Button onClick={onClose}>{words.close}</Button>
      </div>
    </Dialog>
  );
}

function target(key: string, at: number, length: number, columns: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
  };
  if (key === "Home") return 0;
  if (key === "End") return length - 1;
  const step = steps[key];
  return step === undefined ? undefined : Math.min(length - 1, Math.max(0, at + step));
}
