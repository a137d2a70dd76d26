/** For how long somebody, or a chat, is to be silent. */
import { Menu } from "../look/Menu.tsx";
import { useWords } from "./context.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** The longest silence that the server knows, in seconds. */
const ALWAYS = 315_360_000;

export interface MuteMenuProps {
  readonly at: HTMLElement;
  readonly onChoose: (seconds: number) => void;
  readonly onClose: () => void;
}

export function MuteMenu({ at, onChoose, onClose }: MuteMenuProps) {
  const words = useWords();
  return (
    <Menu
      label={words.muteFor}
      items={[
        { label: words.hour, act: () => onChoose(HOUR) },
        { label: words.day, act: () => onChoose(DAY) },
        { label: words.always, act: () => onChoose(ALWAYS) },
      ]}
      at={at}
      onClose={onClose}
    />
  );
}
