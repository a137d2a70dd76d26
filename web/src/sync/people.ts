/** Wishes about people, groups and messages that are one question to the server each. */
import { done, type Intent, type Outcome } from "../model/intent.ts";
import type { Person } from "../model/model.ts";
import { newId } from "../model/new-id.ts";
import type { Store } from "../model/store.ts";
import { groupNews } from "../wire/chats.ts";
import { message, mine } from "../wire/messages.ts";
import { type Fields, fields, textIf } from "../wire/shapes.ts";
import type { Wire } from "../wire/socket.ts";

export type OfPeople = Extract<
  Intent,
  {
    want:
      | "people"
      | "talk"
      | "group"
      | "addMember"
      | "removeMember"
      | "makeOwner"
      | "leave"
      | "deleteGroup"
      | "edit"
      | "erase"
      | "hide"
      | "react"
      | "pin"
      | "star"
      | "forward";
  }
>;

const WANTS: readonly string[] = [
  "people",
  "talk",
  "group",
  "addMember",
  "removeMember",
  "makeOwner",
  "leave",
  "deleteGroup",
  "edit",
  "erase",
  "hide",
  "react",
  "pin",
  "star",
  "forward",
] satisfies OfPeople["want"][];

export function isOfPeople(intent: Intent): intent is OfPeople {
  return WANTS.includes(intent.want);
}

export class People {
  #found: readonly Person[] = [];
  #search: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: Store,
    private readonly wire: Wire,
  ) {}

  /** People that a search brought; they belong to the search that is open. */
  heard(people: readonly Person[]): void {
    this.#found = people;
  }

  async want(intent: OfPeople): Promise<Outcome> {
    switch (intent.want) {
      case "people":
        return await this.#people(intent.text);
      case "talk":
        return await this.#talk(intent.person);
      case "group": {
        const { name: Name, description: Description, members: Participants } = intent;
        return await this.#asking("create-group-chat", { Name, Description, Participants }, (body) =>
          this.#made(body, Name),
        );
      }
      case "addMember":
        return await this.#asking("add-member", { GroupId: intent.chat, Member: intent.member }, (body) =>
          this.#learn(intent.chat, body),
        );
      case "removeMember":
        return await this.#asking("kickout", { GroupId: intent.chat, Member: intent.member }, (body) => {
          this.store.tell({ is: "left", chat: intent.chat, member: intent.member });
          this.#learn(intent.chat, body);
        });
      case "makeOwner":
        return await this.#asking("change-admin", { GroupId: intent.chat, Member: intent.member }, (body) => {
          this.store.tell({ is: "owner", chat: intent.chat, member: intent.member });
          this.#learn(intent.chat, body);
        });
      case "leave":
        return await this.#asking("leave-grp", { GroupId: intent.chat }, () =>
          this.store.tell({ is: "chatGone", chat: intent.chat }),
        );
      case "deleteGroup":
        return await this.#asking("delete-grp", { GroupId: intent.chat }, () =>
          this.store.tell({ is: "chatGone", chat: intent.chat }),
        );
      default:
        return await this.#message(intent);
    }
  }

  /** Changes of one message. The acknowledgement brings its new state. */
  async #message(
    intent: Extract<OfPeople, { want: "edit" | "erase" | "hide" | "react" | "pin" | "star" | "forward" }>,
  ): Promise<Outcome> {
    const { chat } = intent;
    const at = { ChatId: chat, Seq: intent.seq };
    const changes = (body: Fields) => this.#changed(chat, intent.seq, body);
    switch (intent.want) {
      case "edit":
        return await this.#asking(
          "edit-message",
          { ...at, Content: intent.text, IfEdits: intent.edits, Mentions: intent.mentions },
          changes,
        );
      case "erase":
        return await this.#asking("delete-message", at, changes);
      case "hide":
        return await this.#asking("hide-message", at, changes);
      case "react":
        return await this.#asking("react", { ...at, Emoji: intent.emoji, On: intent.on }, changes);
      case "pin":
        return await this.#asking("pin-message", { ...at, On: intent.on }, changes);
      case "star":
        return await this.#asking("star-message", { ...at, On: intent.on }, changes);
      case "forward": {
        const { to } = intent;
        return await this.#asking("forward-message", { ...at, To: to, ClientId: newId() });
      }
    }
  }

  #learn(chat: string, body: Fields): void {
    this.store.tell({ is: "group", chat, news: groupNews(body) });
  }

  #changed(chat: string, seq: number, body: Fields): void {
    if (body["Message"] !== undefined)
      this.store.tell({ is: "changed", chat, message: message(fields(body["Message"])) });
    if (body["My"] !== undefined) this.store.tell({ is: "marked", chat, seq, mine: mine(fields(body["My"])) });
  }

  async #asking(event: string, payload: object, then: (body: Fields) => void = () => undefined): Promise<Outcome> {
    const answer = await this.wire.ask(event, payload);
    if (!answer.ok) return answer;
    then(answer.body);
    const chat = textIf(answer.body, "GroupId") ?? textIf(answer.body, "ChatId");
    return done(chat === undefined ? {} : { chat });
  }

  /** Searches wait for each other: their answers do not say what was asked. */
  async #people(name: string): Promise<Outcome> {
    const turn = this.#search.then(async (): Promise<Outcome> => {
      this.#found = [];
      const answer = await this.wire.ask("search-user", { Name: name, Type: "Search" });
      return answer.ok ? done({ people: this.#found }) : answer;
    });
    this.#search = turn;
    return await turn;
  }

  async #talk(person: string): Promise<Outcome> {
    const { me, chats } = this.store.model;
    if (person === me?.id) return done({ chat: person });
    const known = Object.values(chats).find((chat) => chat.partner === person);
    if (known !== undefined) return done({ chat: known.id });
    const answer = await this.wire.ask("create-personal-chat", { Receiver: person });
    if (!answer.ok) return answer;
    const chat = textIf(answer.body, "ChatId");
    if (chat === undefined) return done();
    this.store.tell({
      is: "chatMade",
      chat,
      kind: "Personal",
      name: textIf(answer.body, "Partner") ?? "",
      partner: person,
    });
    return done({ chat });
  }

  #made(body: Fields, name: string): void {
    const chat = textIf(body, "GroupId");
    if (chat !== undefined) this.store.tell({ is: "chatMade", chat, kind: "Group", name });
  }
}
