// One group as the contract rules it, in memory: what comes of each request, and who hears what.
import { SETTINGS } from "./members.mjs";

const ROLES = ["Member", "Moderator", "Owner"];
const reaches = (role, least) => ROLES.indexOf(role) >= ROLES.indexOf(least);

export class GroupModel {
  rev = 0;
  rosterRev = 0;
  info = { Rev: 0, Name: "Band", Description: "Thursdays", Settings: { ...SETTINGS } };
  /// Id → `{ role, rev, first }` in joining order.
  members = new Map();
  /// Those who are muted, in the group or not; a mute of this model never ends by itself.
  muted = new Set();
  banned = new Set();
  /// Those whose clock of slow mode runs, and those who wrote while it does not say whether it does.
  waiting = new Set();
  unsure = new Set();
  /// By place: `{ sender, deleted, pinned, reacted }`.
  messages = [];
  /// By number: `{ by, usesLeft, ended }`.
  invites = [];

  constructor([owner, ...others]) {
    this.info.Admin = owner;
    this.members.set(owner, { role: "Owner", rev: 0, first: 1 });
    for (const id of others) this.members.set(id, { role: "Member", rev: 0, first: 1 });
  }

  role(id) {
    return this.members.get(id)?.role;
  }

  /// What comes of a request: `{ code }` for a refusal, else `{ heard, rev?, seq? }`, where `heard` names for everybody what their
  /// devices hear in this order, and the numbers are those that were taken.
  ask(by, event, payload) {
    const code = this.members.has(by) || event === "join-group" ? undefined : "not_found";
    const done = code ? { code } : RULES[event](this, by, payload);
    if (done.heard) this.#endInvites();
    return done;
  }

  visible(id, seq) {
    return seq >= this.members.get(id).first && seq <= this.messages.length;
  }

  /// A change that members share: all but the requester are told of it, after what `older` clients hear.
  changed(by, { rows = [], info = false, older = {} }) {
    this.rev += 1;
    if (info) this.info.Rev = this.rev;
    if (rows.length > 0) this.rosterRev = this.rev;
    for (const id of rows) if (this.members.has(id)) this.members.get(id).rev = this.rev;
    const heard = new Map(Object.entries(older));
    for (const id of this.others(by)) heard.set(id, [...(heard.get(id) ?? []), "chat-changed"]);
    return { heard, rev: this.rev };
  }

  /// A change of a message, or a new one, told to those who see it.
  said(by, seq, name) {
    const heard = this.others(by).filter((id) => this.visible(id, seq)).map((id) => [id, [name]]);
    return { heard: new Map(heard), seq };
  }

  others(...but) {
    return [...this.members.keys()].filter((id) => !but.includes(id));
  }

  enters(id) {
    const first = this.info.Settings.OpenHistory ? 1 : this.messages.length + 1;
    this.members.set(id, { role: "Member", rev: 0, first });
  }

  /// Why somebody says nothing here, if so.
  silenced(by) {
    const { WhoPosts } = this.info.Settings;
    if (!reaches(this.role(by), WhoPosts)) return "forbidden";
    return this.muted.has(by) ? "muted" : undefined;
  }

  #endInvites() {
    const may = (id) => this.members.has(id) && reaches(this.role(id), this.info.Settings.WhoAdds);
    for (const invite of this.invites) invite.ended ||= !may(invite.by);
  }
}

/// What changes nothing that anybody hears of.
const unheard = () => ({ heard: new Map() });
const all = (ids, ...names) => Object.fromEntries(ids.map((id) => [id, names]));

/// Whether somebody may do to a member what keeps order: the owner to anybody else, moderators to members.
function above(group, by, member) {
  if (member === by) return "conflict";
  return group.role(by) === "Owner" || group.role(member) === "Member" ? undefined : "forbidden";
}

/// Why somebody may not write now, if so.
function keptFromWriting(group, by) {
  const mustWait = group.info.Settings.SlowMode > 0 && group.role(by) === "Member" && group.waiting.has(by);
  return group.silenced(by) ?? (mustWait ? "slow_mode" : undefined);
}

function post(group, by, more = {}) {
  const runs = group.info.Settings.SlowMode > 0 && group.role(by) === "Member";
  (runs ? group.waiting : group.unsure).add(by);
  group.messages.push({ sender: by, reacted: new Set(), ...more });
  return group.said(by, group.messages.length, "receive-group-message");
}

/// A request about a message, after what speaks against the caller.
function about(group, by, { Seq }, refusals, change) {
  const code = refusals.find(Boolean) ?? (group.visible(by, Seq) ? undefined : "not_found");
  if (code) return { code };
  const done = change(group.messages[Seq - 1]);
  if (done) return done;
  group.rev += 1;
  return { ...group.said(by, Seq, "message-changed"), rev: group.rev };
}

const mutedBy = (group, by) => group.muted.has(by) && "muted";

const RULES = {
  "set-role"(group, by, { Member, Role }) {
    if (group.role(by) !== "Owner") return { code: "forbidden" };
    if (!group.members.has(Member)) return { code: "not_member" };
    if (Member === by) return { code: "conflict" };
    if (group.role(Member) === Role) return unheard();
    group.members.get(Member).role = Role;
    return group.changed(by, { rows: [Member] });
  },

  "change-admin"(group, by, { Member }) {
    if (group.role(by) !== "Owner") return { code: "not_admin" };
    if (!group.members.has(Member)) return { code: "not_member" };
    group.members.get(by).role = "Member";
    group.members.get(Member).role = "Owner";
    group.info.Admin = Member;
    group.muted.delete(Member);
    const older = { ...all(group.others(by), "change-admin-success-receiver"), [by]: ["change-admin-success-creator"] };
    return group.changed(by, { rows: [by, Member], info: true, older });
  },

  kickout(group, by, { Member }) {
    if (group.role(by) === "Member") return { code: "not_admin" };
    if (!group.members.has(Member)) return { code: "not_member" };
    const code = above(group, by, Member);
    if (code) return { code: code === "forbidden" ? "not_admin" : code };
    group.members.delete(Member);
    const older = { ...all(group.others(by), "someone-kicked-out"), [by]: ["kickout-successful"], [Member]: ["kicked-out"] };
    return group.changed(by, { rows: [Member], older });
  },

  "add-member"(group, by, { Member }) {
    if (!reaches(group.role(by), group.info.Settings.WhoAdds)) return { code: "not_admin" };
    if (group.banned.has(Member) || group.members.has(Member)) return { code: "conflict" };
    const older = { ...all(group.others(), "add-member-success"), [Member]: ["new-grp-added", "create-group-chat-receiver"] };
    group.enters(Member);
    return group.changed(by, { rows: [Member], older });
  },

  "leave-grp"(group, by) {
    if (group.role(by) === "Owner") return { code: "conflict" };
    group.members.delete(by);
    return group.changed(by, { rows: [by], older: { ...all(group.others(), "user-left-grp"), [by]: ["group-left-success"] } });
  },

  "mute-member"(group, by, { Member, Seconds }) {
    if (group.role(by) === "Member") return { code: "forbidden" };
    if (!group.members.has(Member)) return { code: "not_member" };
    const code = above(group, by, Member);
    if (code) return { code };
    if (Seconds === 0 && !group.muted.delete(Member)) return unheard();
    if (Seconds > 0) group.muted.add(Member);
    return group.changed(by, { rows: [Member] });
  },

  "ban-member"(group, by, { Member }) {
    if (group.role(by) === "Member") return { code: "forbidden" };
    const isIn = group.members.has(Member);
    const code = isIn && above(group, by, Member);
    if (code) return { code };
    if (group.banned.has(Member)) return unheard();
    group.banned.add(Member);
    if (!isIn) return unheard();
    group.members.delete(Member);
    return group.changed(by, { rows: [Member], older: { ...all(group.others(by), "someone-kicked-out"), [Member]: ["kicked-out"] } });
  },

  "unban-member"(group, by, { Member }) {
    if (group.role(by) === "Member") return { code: "forbidden" };
    group.banned.delete(Member);
    return unheard();
  },

  "fetch-bans"(group, by) {
    return group.role(by) === "Member" ? { code: "forbidden" } : unheard();
  },

  "edit-group"(group, by, { Name, Settings }) {
    const { info } = group;
    if (!reaches(group.role(by), Settings ? "Owner" : info.Settings.WhoEdits)) return { code: "forbidden" };
    const isSo = Settings ? Object.entries(Settings).every(([key, value]) => info.Settings[key] === value) : info.Name === Name;
    if (isSo) return unheard();
    if (Settings) Object.assign(info.Settings, Settings);
    else info.Name = Name;
    return group.changed(by, { info: true });
  },

  "send-group-message"(group, by) {
    const code = keptFromWriting(group, by);
    return code ? { code } : post(group, by);
  },

  /// Within the group: what is forwarded is looked at first, then it is sent.
  "forward-message"(group, by, { Seq }) {
    if (!group.visible(by, Seq)) return { code: "not_found" };
    if (group.messages[Seq - 1].deleted) return { code: "conflict" };
    const code = keptFromWriting(group, by);
    return code ? { code } : post(group, by, { forwarded: true });
  },

  typing(group, by) {
    const code = group.silenced(by);
    return code ? { code } : unheard();
  },

  "edit-message": (group, by, payload) =>
    about(group, by, payload, [mutedBy(group, by)], (message) => {
      if (message.sender !== by || message.forwarded) return { code: "forbidden" };
      return message.deleted && { code: "conflict" };
    }),

  react: (group, by, payload) =>
    about(group, by, payload, [mutedBy(group, by)], (message) => {
      if (message.deleted) return payload.On ? { code: "conflict" } : unheard();
      if (message.reacted.has(by) === payload.On) return unheard();
      return void (payload.On ? message.reacted.add(by) : message.reacted.delete(by));
    }),

  "pin-message": (group, by, payload) =>
    about(group, by, payload, [!reaches(group.role(by), group.info.Settings.WhoPins) && "forbidden", mutedBy(group, by)], (message) => {
      if (message.deleted) return payload.On ? { code: "conflict" } : unheard();
      if (Boolean(message.pinned) === payload.On) return unheard();
      message.pinned = payload.On;
      return undefined;
    }),

  "delete-message": (group, by, payload) =>
    about(group, by, payload, [], (message) => {
      if (message.sender !== by && group.role(by) === "Member") return { code: "forbidden" };
      if (message.deleted) return unheard();
      return void Object.assign(message, { deleted: true, forwarded: false, pinned: false });
    }),

  "create-invite"(group, by, { MaxUses }) {
    if (!reaches(group.role(by), group.info.Settings.WhoAdds)) return { code: "forbidden" };
    group.invites.push({ by, usesLeft: MaxUses, ended: false });
    return unheard();
  },

  "revoke-invite"(group, by, { number }) {
    const invite = group.invites[number];
    if (invite.by !== by && group.role(by) === "Member") return { code: "forbidden" };
    invite.ended = true;
    return unheard();
  },

  "join-group"(group, by, { number }) {
    const invite = group.invites[number];
    if (group.members.has(by)) return unheard();
    if (invite.ended) return { code: "not_found" };
    if (group.banned.has(by)) return { code: "forbidden" };
    if (invite.usesLeft === 0) return { code: "expired" };
    invite.usesLeft -= 1;
    const older = { ...all(group.others(), "add-member-success"), [by]: ["new-grp-added", "create-group-chat-receiver", "chat-changed"] };
    group.enters(by);
    return group.changed(by, { rows: [by], older });
  },
};
