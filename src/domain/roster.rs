//! Who is in a chat and as what, and who has read how far.
use std::collections::BTreeSet;

use super::{
    Description, FileId, GroupSettings, Name, Own, Preferences, Refusal, Rev, Role, Rules, Seq, Timestamp, UserId,
};

/// The three kinds of chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Notes to oneself. Its id is the user's id.
    SelfNotes,
    /// Two people, one chat per pair.
    Personal,
    /// Any number of people, one of them the admin.
    Group,
}

/// Somebody's place in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// The name shown to the others.
    pub name: Name,
    /// The picture shown to the others.
    pub avatar: Option<FileId>,
    /// The newest message when the membership began; what came up to here is not shown to this member.
    pub joined: Seq,
    /// The newest message read. Only moves forward, never before `joined`.
    pub read: Seq,
    /// The last change of this place.
    pub rev: Rev,
    /// The last change of what this member alone sees.
    pub own: Own,
    /// The newest message that the member's devices have, as far as others may know.
    pub delivered: Seq,
    /// Where others see the read pointer, if it was moved since without their knowing.
    pub shown: Option<Seq>,
    /// Whether it is known that the member said something here.
    pub wrote: bool,
    /// Moderator or not; the owner is who leads the group.
    pub role: Role,
    /// Until when the member may not say anything.
    pub muted_until: Option<Timestamp>,
    /// When the member last said something in slow mode.
    pub last_sent: Option<Timestamp>,
    /// Whether the member came in when the group showed newcomers what was said before.
    pub sees_history: bool,
    /// What the member alone decides of the chat.
    pub preferences: Preferences,
    /// Whether the member has blocked the other one of a chat of two.
    pub blocks: bool,
}

impl Member {
    /// Somebody who comes in when `joined` is the newest message.
    pub fn new(user: UserId, name: Name, joined: Seq) -> Self {
        Self {
            user,
            name,
            avatar: None,
            joined,
            read: joined,
            rev: Rev(0),
            own: Own(0),
            delivered: Seq(0),
            shown: None,
            wrote: false,
            role: Role::Member,
            muted_until: None,
            last_sent: None,
            sees_history: false,
            preferences: Preferences::default(),
            blocks: false,
        }
    }

    /// The first message that this member sees.
    pub fn first(&self, rules: &Rules) -> Seq {
        let open = rules.history_for_new_members || self.sees_history;
        let first = if open { Seq(1) } else { self.joined.next() };
        first.max(self.preferences.cleared.next())
    }
}

/// Who is in a chat, in joining order, and who runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// What kind of chat.
    pub kind: Kind,
    /// The group's name; other chats have none.
    pub name: Option<Name>,
    /// What the group is for.
    pub description: Option<Description>,
    /// The group's picture.
    pub avatar: Option<FileId>,
    /// The group's admin; other chats have none.
    pub admin: Option<UserId>,
    /// The members in joining order.
    pub members: Vec<Member>,
    /// Who may do what; other chats than groups have the usual settings.
    pub settings: GroupSettings,
    /// Those who may not come in.
    pub banned: BTreeSet<UserId>,
    /// The last change of anything that the members share.
    pub rev: Rev,
    /// The last change of the group's name, description, admin or settings.
    pub info_rev: Rev,
    /// The last change of who is in, and as what.
    pub roster_rev: Rev,
}

impl Roster {
    /// A chat without a name and without an admin, in which nothing was changed yet.
    pub fn new(kind: Kind, members: Vec<Member>) -> Self {
        let zero = Rev(0);
        Self {
            kind,
            name: None,
            description: None,
            avatar: None,
            admin: None,
            members,
            settings: GroupSettings::default(),
            banned: BTreeSet::new(),
            rev: zero,
            info_rev: zero,
            roster_rev: zero,
        }
    }

    /// What a member is. In chats that are no groups all are the same.
    pub fn role(&self, user: UserId) -> Role {
        self.find(user).map_or(Role::Member, |member| self.role_of(member))
    }

    /// What somebody is who is known to be a member.
    pub fn role_of(&self, member: &Member) -> Role {
        if self.admin == Some(member.user) { Role::Owner } else { member.role }
    }

    /// The caller's own place. An outsider learns nothing, not even that the chat exists.
    ///
    /// # Errors
    /// [`Code::NotFound`](super::Code::NotFound) for an outsider.
    pub fn member(&self, user: UserId) -> Result<&Member, Refusal> {
        self.find(user).ok_or_else(Refusal::no_such_chat)
    }

    /// Everybody but `user`.
    pub fn others(&self, user: UserId) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |m| m.user != user)
    }

    /// Whether somebody is in.
    pub fn has(&self, user: UserId) -> bool {
        self.find(user).is_some()
    }

    /// The name of a member, or nothing for somebody who left.
    pub fn name_of(&self, user: UserId) -> Option<&Name> {
        self.find(user).map(|m| &m.name)
    }

    /// A member reads up to `upto`, or to the newest. `None`: the pointer stays where it is.
    ///
    /// # Errors
    /// [`Code::NotFound`](super::Code::NotFound) for an outsider.
    pub fn read(&self, by: UserId, upto: Option<Seq>, newest: Seq) -> Result<Option<Seq>, Refusal> {
        let member = self.member(by)?;
        let seq = upto.unwrap_or(newest).min(newest);
        Ok((seq > member.read).then_some(seq))
    }

    /// What a member alone sees was changed last by `own`.
    pub fn number_own(&mut self, user: UserId, own: Own) {
        if let Some(member) = self.place(user) {
            member.own = own;
        }
    }

    /// A member is called otherwise, or has another picture.
    pub fn rename(&mut self, user: UserId, name: &Name, avatar: Option<FileId>) {
        if let Some(member) = self.place(user) {
            member.name.clone_from(name);
            member.avatar = avatar;
        }
    }

    /// In slow mode a member said something last at this time.
    pub fn note_sent(&mut self, user: UserId, at: Option<Timestamp>) {
        if let Some(member) = self.place(user) {
            member.last_sent = at;
        }
    }

    /// Moves a read pointer forward.
    pub fn mark_read(&mut self, user: UserId, seq: Seq) {
        if let Some(member) = self.place(user) {
            member.read = member.read.max(seq);
        }
    }

    /// The account of a member of a chat of two is gone: the place stays, without a name, and nobody is blocked any more.
    pub fn vacate(&mut self, user: UserId) {
        self.rename(user, &Name::stored("Deleted user"), None);
        self.members.iter_mut().for_each(|member| member.blocks = false);
    }

    pub(super) fn place(&mut self, user: UserId) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.user == user)
    }

    fn find(&self, user: UserId) -> Option<&Member> {
        self.members.iter().find(|m| m.user == user)
    }
}
