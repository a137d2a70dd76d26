/** The way back to the list, where there is one pane. */
import { Icon } from "../look/Icon.tsx";
import { useWords } from "./context.ts";
import { PlaceLink } from "./links.tsx";

export function BackLink() {
  const words = useWords();
  return (
    <PlaceLink
      to={{ at: "chats" }}
      class="icon-button icon-turns"
      aria-label={words.backToChats}
      title={words.backToChats}
    >
      <Icon name="back" />
    </PlaceLink>
  );
}
