// Long random histories of a group with people of every role and state, held against a model of the rules: what is answered, what each
// device hears, what is so afterwards, over a crash too, and what somebody holds who was away meanwhile. GROUP_SEED=n has one again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { GroupModel } from "./group-model.mjs";
import { History } from "./history.mjs";
import { Stage } from "./room.mjs";
import { heldBack } from "./speech.mjs";

const { GROUP_SEED } = process.env;
const SEEDS = GROUP_SEED ? [Number(GROUP_SEED)] : [1, 2, 3, 4];
const STEPS = 250;
const LONG = 3_600;
const TIMED = ["muted", "slow_mode"];
/// What is asked, and how often beside the rest.
const EVENTS = {
  "set-role": 8, "change-admin": 2, kickout: 4, "add-member": 12, "leave-grp": 2, "mute-member": 6, "ban-member": 3, "unban-member": 3,
  "fetch-bans": 1, "edit-group": 10, "send-group-message": 12, "forward-message": 3, typing: 2, "edit-message": 4, react: 6,
  "pin-message": 6, "delete-message": 3, "create-invite": 4, "revoke-invite": 1, "join-group": 6,
};
const SETTINGS = {
  WhoPosts: ["Member", "Member", "Moderator"],
  WhoAdds: ["Member", "Moderator", "Owner"],
  WhoPins: ["Member", "Moderator", "Owner"],
  WhoEdits: ["Member", "Moderator", "Owner"],
  SlowMode: [0, 0, LONG],
  OpenHistory: [true, false],
};
const OLDER = ["add-member", "change-admin", "kickout", "leave-grp", "send-group-message"];

let stage, people;
before(async () => {
  stage = await Stage.open();
  const { ann, bob, cat, eve, server } = stage;
  people = [ann, bob, cat, eve, ...(await server.people("Dan", "Fay"))];
});
after(() => stage?.close());

class GroupHistory extends History {
  /// Tokens and ids of invitations, by number.
  invites = [];

  constructor(seed) {
    super(stage.server, people, seed);
    this.model = new GroupModel(this.ids.slice(0, 3));
  }

  async begin() {
    await this.connect();
    const [owner, ...others] = people.slice(0, 3).map(({ id }) => id);
    await this.devices.get(owner).must("create-group-chat", { Name: "Band", Description: "Thursdays", Participants: others });
    const { GroupId } = await this.devices.get(owner).next("create-group-chat-creator");
    for (const id of others) await this.devices.get(id).next("create-group-chat-receiver");
    this.chat = { ChatId: GroupId, GroupId };
  }

  /// Somebody asks something, mostly what makes sense; undefined if it is not said what comes of it.
  choose() {
    const { chance, model, ids } = this;
    const event = chance.weighed(EVENTS);
    const members = [...model.members.keys()];
    const insiders = chance.happens(0.3) ? [model.info.Admin] : members;
    const by = chance.pick(event === "join-group" || chance.happens(0.07) ? ids : insiders);
    const Member = chance.pick(event === "add-member" ? ids : [...members, chance.pick(ids)]);
    const payload = this.#payload(event, Member);
    if (!payload) return undefined;
    const { SlowMode } = model.info.Settings;
    const writes = ["send-group-message", "forward-message"].includes(event);
    // It is not said whether the clock of slow mode runs for those who wrote without it, nor what a moderator may do to oneself.
    if (writes && SlowMode > 0 && model.unsure.has(by) && !model.waiting.has(by)) return undefined;
    const unsettled = ["change-admin", ...(model.role(by) === "Moderator" ? ["mute-member", "ban-member", "kickout"] : [])];
    return Member === by && unsettled.includes(event) ? undefined : { by, event, payload };
  }

  #payload(event, Member) {
    const { chance, model, invites } = this;
    const Seq = 1 + chance.below(model.messages.length + 1);
    const On = chance.happens(0.6);
    const number = chance.below(invites.length);
    const invite = invites[number];
    switch (event) {
      case "set-role":
        return { Member, Role: chance.pick(["Moderator", "Member"]) };
      case "mute-member":
        return { Member, Seconds: chance.pick([0, LONG]) };
      case "edit-group":
        return chance.happens(0.5) ? { Settings: this.#settings() } : { Name: chance.pick(["Band", "Choir", "Quartet"]) };
      case "send-group-message":
        return { Content: `${model.messages.length + 1}` };
      case "forward-message":
        return { Seq, To: this.chat.ChatId };
      case "edit-message":
        return { Seq, Content: `${Seq} edited at ${model.rev}` };
      case "react":
        return { Seq, Emoji: "👍", On };
      case "pin-message":
        return { Seq, On };
      case "delete-message":
        return { Seq };
      case "typing":
        return { On };
      case "create-invite":
        return model.invites.filter(({ ended }) => !ended).length < 40 && { MaxUses: 1 + chance.below(3) };
      case "revoke-invite":
        return invite && !model.invites[number].ended && { Id: invite.Id, number };
      case "join-group":
        return invite && { Token: invite.Token, number };
      default:
        return { Member };
    }
  }

  #settings() {
    const keys = Object.keys(SETTINGS).filter(() => this.chance.happens(0.3));
    const named = keys.length > 0 ? keys : ["WhoAdds"];
    return Object.fromEntries(named.map((key) => [key, this.chance.pick(SETTINGS[key])]));
  }

  /// One request, answered and told as the model says.
  async step({ by, event, payload }) {
    const { model, devices, chat } = this;
    const { number, ...asked } = payload;
    const request = { ...(OLDER.includes(event) ? { GroupId: chat.GroupId } : { ChatId: chat.ChatId }), ...asked };
    const device = devices.get(by);
    const { code, heard, rev, seq } = model.ask(by, event, payload);
    if (TIMED.includes(code)) return heldBack(device, event, request, code);
    const answer = await device.ask(event, request);
    assert.equal(answer.Code, code, JSON.stringify(answer));
    if (code) return undefined;
    if (rev !== undefined) assert.equal(answer.Rev, rev);
    if (seq !== undefined) assert.equal(answer.Seq, seq);
    if (event === "create-invite") this.invites.push(answer.Invite);
    for (const [id, names] of heard) {
      for (const name of names) assert.equal((await devices.get(id).either(...names)).name, name, "in this order");
    }
    return undefined;
  }

  /// Nobody heard what they should not, and what can be asked for is what the model has.
  async check() {
    const { chat } = this;
    for (const [id, device] of this.devices) {
      const { Ok, Code, ...state } = await device.ask("fetch-chat", { ChatId: chat.ChatId });
      const names = device.untaken.filter((name) => name !== "typing");
      assert.deepEqual(names, [], "heard and not expected");
      if (this.model.members.has(id)) this.#isSo(id, state);
      else assert.equal(Code, "not_found");
    }
  }

  #isSo(id, { Rev, LastSeq, Info, Roster, Prefs }) {
    const { model } = this;
    assert.deepEqual([Rev, LastSeq, Prefs.FirstSeq], [model.rev, model.messages.length, model.members.get(id).first]);
    assert.deepEqual(Info, model.info);
    const rows = [...model.members].map(([_id, { role, rev }]) => ({ _id, Role: role, Rev: rev, isMuted: model.muted.has(_id) }));
    const told = Roster.Members.map(({ _id, Role, Rev, MutedUntil }) => ({ _id, Role, Rev, isMuted: MutedUntil !== undefined }));
    assert.deepEqual([told, Roster.Rev], [rows, model.rosterRev]);
  }

  async end() {
    const { ChatId, GroupId } = this.chat;
    for (const [id, view] of await this.copies(ChatId, ["fetch-group-chat", { GroupId }])) {
      assert.equal(view !== undefined, this.model.members.has(id));
      if (view) assert.deepEqual(view.messages.map(({ Seq }) => Seq), this.#seen(id));
    }
  }

  #seen(id) {
    return this.model.messages.map((_, n) => n + 1).filter((seq) => this.model.visible(id, seq));
  }
}

for (const seed of SEEDS) {
  test(`whatever happens in a group, it is as the rules say (GROUP_SEED=${seed})`, async (t) => {
    const history = new GroupHistory(seed);
    t.after(() => history.close());
    await history.unfold(t, STEPS, `GROUP_SEED=${seed}`);
  });
}
