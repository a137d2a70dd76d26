/** Links that lead into a group: made, copied and taken back. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Select } from "../../look/Field.tsx";
import { handOver } from "../../look/focus.ts";
import type { Invite } from "../../model/intent.ts";
import type { Chat } from "../../model/model.ts";
import { reasonOf, useApp, useWords } from "../context.ts";
import { copy } from "../copy.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

export function Invites({ chat, mayInvite }: { readonly chat: Chat; readonly mayInvite: boolean }) {
  const app = useApp();
  const words = useWords();
  const { say } = app.speech.value;
  const [invites, setInvites] = useState<readonly Invite[]>([]);
  const [copied, setCopied] = useState("");
  const { current } = app.model.value;
  // Uses are counted as people come.
  const joined = (chat.happened ?? []).filter(({ what }) => what === "Joined").length;
  const load = useCallback(async () => {
    const outcome = await app.want({ want: "invites", chat: chat.id });
    if (outcome.ok) setInvites(outcome.gift.invites ?? []);
  }, [app, chat.id]);
  useEffect(() => {
    if (current) void load();
  }, [load, joined, current]);
  const revoke = async (invite: Invite, button: HTMLElement) => {
    const outcome = await app.want({ want: "revoke", chat: chat.id, invite: invite.id });
    if (!outcome.ok) return app.tell(reasonOf(words, outcome.refusal));
    handOver(button, "li .invite-revoke", ".details h2");
    setInvites((before) => before.filter((one) => one !== invite));
  };
  const copyLink = async (invite: Invite) => {
    if (await copy(app, invite.url)) setCopied(words.linkCopied);
  };
  if (!mayInvite && invites.length === 0) return null;
  return (
    <section class="members">
      {invites.length > 0 && <h3 class="rail-label">{words.inviteLinks}</h3>}
      {invites.length > 0 && (
        <ul aria-label={words.inviteLinks}>
          {invites.map((invite, index) => (
            <li key={invite.id} class="member invite">
              <span class="member-name">
                <span class="invite-url">{invite.url}</span>
                <span class="quiet">
                  {words.validUntil(say.when(invite.expiresAt, app.today.value))} ·{" "}
                  {invite.maxUses === undefined ? words.nUses(invite.uses) : words.nUsesOf(invite.uses, invite.maxUses)}
                </span>
              </span>
              <Button aria-label={words.copyLinkN(index + 1)} onClick={() => void copyLink(invite)}>
                {words.copy}
              </Button>
              <Button
                class="invite-revoke"
                aria-label={words.revokeLinkN(index + 1)}
                onClick={(event) => void revoke(invite, event.currentTarget)}
              >
                {words.revoke}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <p role="status" class="quiet">
        {copied}
      </p>
      {mayInvite && <NewInvite chat={chat} onMade={(made) => setInvites((before) => [...made, ...before])} />}
    </section>
  );
}

const TIMES: readonly number[] = [HOUR, DAY, 7 * DAY, 30 * DAY];
const USES: readonly number[] = [0, 1, 10, 100];

interface NewInviteProps {
  readonly chat: Chat;
  readonly onMade: (made: readonly Invite[]) => void;
}

function NewInvite({ chat, onMade }: NewInviteProps) {
  const app = useApp();
  const words = useWords();
  const [seconds, setSeconds] = useState(7 * DAY);
  const [uses, setUses] = useState(0);
  const create = async () => {
    const bound = uses === 0 ? {} : { uses };
    const outcome = await app.want({ want: "invite", chat: chat.id, seconds, ...bound });
    if (outcome.ok) onMade(outcome.gift.invites ?? []);
    else app.tell(reasonOf(words, outcome.refusal));
  };
  return (
    <div class="invite-new">
      <Select
        label={words.expiresAfter}
        value={seconds}
        options={TIMES.map((time) => [time, time < DAY ? words.hours(time / HOUR) : words.days(time / DAY)])}
        onChoose={setSeconds}
      />
      <Select
        label={words.mostUses}
        value={uses}
        options={USES.map((most) => [most, most === 0 ? words.anyNumber : words.nUses(most)])}
        onChoose={setUses}
      />
      <Button onClick={() => void create()}>{words.createInviteLink}</Button>
    </div>
  );
}
