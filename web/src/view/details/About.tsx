/** What somebody says of oneself, and whether one wants to have to do with them. */
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import type { Id } from "../../model/model.ts";
import { statusOf } from "../../model/people.ts";
import { reasonOf, useApp, useWords } from "../context.ts";
import { AskBlock } from "./AskBlock.tsx";

export function About({ id, name }: { readonly id: Id; readonly name: string }) {
  const app = useApp();
  const words = useWords();
  const [isAsking, setAsking] = useState(false);
  const { current, profiles, blocked } = app.model.value;
  const profile = profiles[id];
  const status = statusOf(profile, Date.now());
  const isBlocked = blocked[id] === true;
  useEffect(() => {
    if (current) void app.want({ want: "profiles", users: [id] });
  }, [app, id, current]);
  const unblock = async () => {
    const outcome = await app.want({ want: "block", user: id, on: false });
    if (!outcome.ok) app.tell(reasonOf(words, outcome.refusal));
  };
  return (
    <>
      {status !== undefined && (
        <p class="details-status" dir="auto">
          {status}
        </p>
      )}
      {profile?.bio !== undefined && (
        <p class="details-bio" dir="auto">
          {profile.bio}
        </p>
      )}
      <div class="details-buttons">
        <Button kind={isBlocked ? "plain" : "danger"} onClick={() => (isBlocked ? void unblock() : setAsking(true))}>
          {isBlocked ? words.unblock : words.block}
        </Button>
      </div>
      {isAsking && <AskBlock id={id} name={name} onClose={() => setAsking(false)} />}
    </>
  );
}
