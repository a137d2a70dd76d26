/** Where an invitation leads, and the way in. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Mirror, Portrait } from "../../look/Mark.tsx";
import type { Invitation, Refusal } from "../../model/intent.ts";
import type { Words } from "../../words/en.ts";
import { BackLink } from "../BackLink.tsx";
import { reasonOf, useApp, useWords } from "../context.ts";
import { PlaceLink } from "../links.tsx";

type Answer =
  | { readonly is: "invitation"; readonly invitation: Invitation }
  | { readonly is: "useless"; readonly refusal: Refusal };

/** No later try brings another answer. */
const USELESS: readonly string[] = ["not_found", "expired", "forbidden", "bad_request"];

export function Join({ token, panes }: { readonly token: string; readonly panes: 1 | 2 | 3 }) {
  const app = useApp();
  const words = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const [answer, setAnswer] = useState<Answer>();
  const { current } = app.model.value;
  useEffect(() => {
    if (!current) return;
    void app.want({ want: "invitation", token }).then((outcome) => {
      if (outcome.ok && outcome.gift.invitation !== undefined)
        setAnswer({ is: "invitation", invitation: outcome.gift.invitation });
      else if (!outcome.ok && USELESS.includes(outcome.refusal.code))
        setAnswer({ is: "useless", refusal: outcome.refusal });
      else if (!outcome.ok) app.tell(reasonOf(app.speech.value.words, outcome.refusal));
    });
  }, [app, token, current]);
  useLayoutEffect(() => heading.current?.focus(), [answer === undefined]);
  const join = async () => {
    const outcome = await app.want({ want: "join", token });
    if (outcome.ok && outcome.gift.chat !== undefined) app.replace({ at: "chat", chat: outcome.gift.chat });
    else if (!outcome.ok && USELESS.includes(outcome.refusal.code))
      setAnswer({ is: "useless", refusal: outcome.refusal });
    else if (!outcome.ok)
      app.tell(outcome.refusal.code === "too_large" ? words.groupIsFull : reasonOf(words, outcome.refusal));
  };
  const title = titleOf(words, answer);
  return (
    <main class="settings" aria-label={title} aria-busy={answer === undefined} id="conversation">
      <header class="conversation-head">
        {panes === 1 && <BackLink />}
        <h1 ref={heading} tabIndex={-1} dir="auto">
          {title}
        </h1>
      </header>
      <div class="settings-body">
        {answer?.is === "invitation" && <Leads invitation={answer.invitation} onJoin={() => void join()} />}
        {answer?.is === "useless" && (
          <div class="rail-empty">
            <Mirror lit={0} />
            <p>{whyUseless(words, answer.refusal)}</p>
            <p>
              <PlaceLink to={{ at: "chats" }} class="standing-link">
                {words.backToChats}
              </PlaceLink>
            </p>
          </div>
        )}
      </div>
    </main>
  );
}

function Leads({ invitation, onJoin }: { readonly invitation: Invitation; readonly onJoin: () => void }) {
  const words = useWords();
  const { chat, name, description, picture, members, joined } = invitation;
  return (
    <div class="details-who">
      <Portrait name={name} id={chat} picture={picture} />
      {description !== "" && <p dir="auto">{description}</p>}
      <p class="quiet">{words.nMembers(members)}</p>
      {joined ? (
        <p>
          {words.joinedAlready}{" "}
          <PlaceLink to={{ at: "chat", chat }} replaces class="standing-link">
            {words.openGroup}
          </PlaceLink>
        </p>
      ) : (
        <Button kind="main" onClick={onJoin}>
          {words.join}
        </Button>
      )}
    </div>
  );
}

function titleOf(words: Words, answer: Answer | undefined): string {
  if (answer === undefined) return words.invitation;
  return answer.is === "useless" ? words.invitationIsNotValid : words.joinGroup(answer.invitation.name);
}

function whyUseless(words: Words, { code }: Refusal): string {
  if (code === "expired") return words.invitationIsExpired;
  return code === "forbidden" ? words.invitationIsForbidden : words.invitationIsUnknown;
}
