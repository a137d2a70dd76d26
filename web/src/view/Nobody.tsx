/** Beside the list, when no chat is open. */
import { Mirror } from "../look/Mark.tsx";
import { useApp, useWords } from "./context.ts";

export function Nobody({ isNowhere }: { readonly isNowhere: boolean }) {
  const app = useApp();
  const words = useWords();
  const others = Object.values(app.model.value.chats).filter((chat) => chat.kind !== "Self").length;
  return (
    <main class="nobody" aria-label="Greenroom" aria-busy={!app.model.value.listed} id="conversation">
      <Mirror lit={others === 0 ? 3 : 5} />
      <h1 tabIndex={-1}>Greenroom</h1>
      <p class="quiet">{isNowhere ? words.nowhere : others === 0 ? words.nobodyHereHint : words.chooseAChat}</p>
    </main>
  );
}
