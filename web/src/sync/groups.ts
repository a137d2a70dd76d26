/** Wishes about groups: what they are and allow, who may do what there, who is kept out, and links that lead in. */
import { done, type Gift, type Intent, type Outcome } from "../model/intent.ts";
import type { GroupSettings, Id } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import { groupNews, invitation, invite } from "../wire/chats.ts";
import { type Fields, fields, list, some, text } from "../wire/shapes.ts";
import type { Wire } from "../wire/socket.ts";

type OfGroups = Extract<
  Intent,
  {
    want:
      | "editGroup"
      | "setRole"
      | "muteMember"
      | "ban"
      | "unban"
      | "bans"
      | "invite"
      | "invites"
      | "revoke"
      | "invitation"
      | "join";
  }
>;

const WANTS: readonly string[] = [
  "editGroup",
  "setRole",
  "muteMember",
  "ban",
  "unban",
  "bans",
  "invite",
  "invites",
  "revoke",
  "invitation",
  "join",
] satisfies OfGroups["want"][];

export function isOfGroups(intent: Intent): intent is OfGroups {
  return WANTS.includes(intent.want);
}

export class Groups {
  constructor(
    private readonly store: Store,
    private readonly wire: Wire,
  ) {}

  async want(intent: OfGroups): Promise<Outcome> {
    switch (intent.want) {
      case "editGroup":
        return await this.#change("edit-group", intent.chat, {
          Name: intent.name,
          Description: intent.description,
          Avatar: intent.picture,
          Settings: intent.settings === undefined ? undefined : settingsOf(intent.settings),
        });
      case "setRole":
        return await this.#change("set-role", intent.chat, { Member: intent.member, Role: intent.role });
      case "muteMember":
        return await this.#change("mute-member", intent.chat, { Member: intent.member, Seconds: intent.seconds });
      case "ban":
        return await this.#change("ban-member", intent.chat, { Member: intent.member });
      case "unban":
        return await this.#ask("unban-member", { ChatId: intent.chat, Member: intent.member });
      case "bans":
        return await this.#ask("fetch-bans", { ChatId: intent.chat }, (body) => ({
          people: list(body, "Bans", (row) => ({ id: text(row, "_id"), name: text(row, "Name") })),
        }));
      case "invite":
        return await this.#ask(
          "create-invite",
          some({ ChatId: intent.chat, Seconds: intent.seconds, MaxUses: intent.uses }),
          (body) => ({ invites: [invite(fields(body["Invite"]))] }),
        );
      case "invites":
        return await this.#ask("list-invites", { ChatId: intent.chat }, (body) => ({
          invites: list(body, "Invites", invite),
        }));
      case "revoke":
        return await this.#ask("revoke-invite", { ChatId: intent.chat, Id: intent.invite });
      case "invitation":
        return await this.#ask("preview-invite", { Token: intent.token }, (body) => ({ invitation: invitation(body) }));
      case "join":
        return await this.#ask("join-group", { Token: intent.token }, (body) => this.#joined(body));
    }
  }

  async #change(event: string, chat: Id, payload: object): Promise<Outcome> {
    return await this.#ask(event, { ChatId: chat, ...some(payload) }, (body) => {
      this.store.tell({ is: "group", chat, news: groupNews(body) });
      return {};
    });
  }

  async #ask(event: string, payload: object, gift: (body: Fields) => Gift = () => ({})): Promise<Outcome> {
    const answer = await this.wire.ask(event, payload);
    return answer.ok ? done(gift(answer.body)) : answer;
  }

  #joined(body: Fields): Gift {
    const chat = text(body, "ChatId");
    this.store.tell({ is: "chatMade", chat, kind: "Group", name: text(body, "Name") });
    return { chat };
  }
}

function settingsOf(settings: Partial<GroupSettings>): object {
  return some({
    WhoPosts: settings.whoPosts,
    WhoAdds: settings.whoAdds,
    WhoPins: settings.whoPins,
    WhoEdits: settings.whoEdits,
    WhoMentionsAll: settings.whoMentionsAll,
    SlowMode: settings.slowMode,
    OpenHistory: settings.openHistory,
  });
}
