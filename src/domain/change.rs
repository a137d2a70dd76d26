//! What changes in a group once it is decided, and what the group is then.
use super::{
    Code, Edited, Field, FileId, InviteId, Invited, Member, Name, Own, Refusal, Rev, Role, Roster, Seq, Timestamp,
    UserId, What, members,
};

/// A change in a group, once decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Somebody was taken in.
    Added {
        /// Who came.
        user: UserId,
        /// Under which name.
        name: Name,
    },
    /// Somebody came in by an invitation.
    Joined {
        /// Who came.
        user: UserId,
        /// Under which name.
        name: Name,
        /// Which invitation.
        invite: InviteId,
    },
    /// In a chat of two one has blocked the other, or does so no more.
    Blocked {
        /// Who is blocked.
        user: UserId,
        /// Or no more.
        on: bool,
        /// How many the one who blocks may have blocked.
        most: usize,
    },
    /// An invitation was made.
    Invited(Box<Invited>),
    /// An invitation was ended.
    InviteRevoked(InviteId),
    /// Somebody left or was kicked.
    Removed(UserId),
    /// Somebody may not come in any more.
    Banned {
        /// Who.
        user: UserId,
        /// Whether that one was in, and goes.
        is_member: bool,
    },
    /// Somebody may come in again.
    Unbanned(UserId),
    /// Somebody is moderator now, or no more.
    RoleSet(UserId, Role),
    /// The admin role moved.
    AdminChanged(UserId),
    /// Somebody may not say anything until then, or may again.
    Muted(UserId, Option<Timestamp>),
    /// What the group is called, what it is for, or who may do what.
    Edited(Box<Edited>),
    /// The group is gone, with all its messages.
    Deleted,
}

/// What of somebody who comes in is known to the database alone: the picture, and what was kept if that one was here before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Returning {
    /// The picture shown to the others.
    pub avatar: Option<FileId>,
    /// The last change of what this person alone sees, which is that it all begins anew.
    pub own: Own,
    /// Until when this person may not say anything.
    pub muted_until: Option<Timestamp>,
    /// When this person last said something in slow mode.
    pub last_sent: Option<Timestamp>,
}

impl Change {
    /// Whether the roster is another one with it.
    pub fn is_of_roster(&self) -> bool {
        !matches!(self, Self::Invited(_) | Self::InviteRevoked(_))
    }

    /// Whether members share what changes: such a change takes a [`Rev`].
    pub fn is_shared(&self) -> bool {
        !matches!(
            self,
            Self::Banned { is_member: false, .. }
                | Self::Unbanned(_)
                | Self::Blocked { .. }
                | Self::Invited(_)
                | Self::InviteRevoked(_)
        )
    }

    /// Whether somebody may do less after it than before.
    pub fn ends_rights(&self) -> bool {
        match self {
            Self::Removed(_) | Self::Banned { is_member: true, .. } | Self::RoleSet(..) | Self::AdminChanged(_) => true,
            Self::Edited(edited) => edited.fields.iter().any(|field| field == Field::Settings),
            _ => false,
        }
    }

    /// Whom it concerns, if it is one person.
    pub fn whom(&self) -> Option<UserId> {
        match self {
            Self::Added { user, .. }
            | Self::Joined { user, .. }
            | Self::Blocked { user, .. }
            | Self::Removed(user)
            | Self::Banned { user, .. }
            | Self::Unbanned(user)
            | Self::RoleSet(user, _)
            | Self::AdminChanged(user)
            | Self::Muted(user, _) => Some(*user),
            Self::Edited(_) | Self::Deleted | Self::Invited(_) | Self::InviteRevoked(_) => None,
        }
    }

    /// How the group's record calls it, if it is told to the members.
    pub fn what(&self, by: UserId) -> Option<What> {
        Some(match self {
            Self::Added { .. } => What::Added,
            Self::Joined { .. } => What::Joined,
            Self::Removed(user) if *user == by => What::Left,
            Self::Removed(_) => What::Removed,
            Self::Banned { is_member: true, .. } => What::Banned,
            Self::RoleSet(_, role) => What::RoleSet(*role),
            Self::AdminChanged(_) => What::AdminChanged,
            Self::Muted(_, Some(_)) => What::Muted,
            Self::Muted(_, None) => What::Unmuted,
            Self::Edited(edited) => What::Edited(edited.fields),
            Self::Banned { is_member: false, .. }
            | Self::Unbanned(_)
            | Self::Blocked { .. }
            | Self::Invited(_)
            | Self::InviteRevoked(_)
            | Self::Deleted => return None,
        })
    }

    /// The change as it is where it came true: another node may have been there first.
    pub fn renew(&mut self, before: &Roster) {
        if let Self::Banned { user, is_member } = self {
            *is_member = before.has(*user);
        }
    }

    /// Why the change does not come true although it was decided: somebody's account has ended meanwhile.
    pub fn overtaken(&self) -> Refusal {
        match self {
            Self::Added { .. } | Self::Banned { is_member: false, .. } | Self::Unbanned(_) | Self::Blocked { .. } => {
                Refusal::no_such_user()
            }
            Self::Removed(_) => Refusal::new(Code::Conflict, "The admin must hand over the group first"),
            Self::AdminChanged(_) | Self::RoleSet(..) | Self::Muted(..) | Self::Banned { .. } => {
                members::not_in_the_group()
            }
            Self::Joined { .. } | Self::InviteRevoked(_) => Refusal::no_such_invite(),
            Self::Edited(edited) if edited.avatar.is_some() => Refusal::no_such_file(),
            Self::Edited(_) | Self::Deleted | Self::Invited(_) => Refusal::no_such_chat(),
        }
    }
}

impl Roster {
    /// Makes a change true; `newest` is the newest message at that moment, `rev` the number of the change.
    pub fn apply(&mut self, change: &Change, newest: Seq, rev: Rev) {
        if change.is_shared() {
            self.rev = rev;
            if matches!(change, Change::Edited(_)) {
                self.info_rev = rev;
            } else {
                self.roster_rev = rev;
            }
        }
        match change {
            Change::Added { user, name } | Change::Joined { user, name, .. } => {
                let sees_history = self.settings.open_history;
                self.members.push(Member { rev, sees_history, ..Member::new(*user, name.clone(), newest) });
            }
            Change::Removed(user) => self.remove(*user),
            Change::Banned { user, .. } => {
                self.remove(*user);
                self.banned.insert(*user);
            }
            Change::Unbanned(user) => {
                self.banned.remove(user);
            }
            Change::RoleSet(user, role) => self.change_place(*user, rev, |member| member.role = *role),
            Change::AdminChanged(user) => self.hand_over(*user, rev),
            Change::Muted(user, until) => self.change_place(*user, rev, |member| member.muted_until = *until),
            Change::Edited(edited) => self.edit_to(edited),
            Change::Blocked { user, on, .. } => self.set_blocked(*user, *on),
            Change::Invited(_) | Change::InviteRevoked(_) => {}
            Change::Deleted => self.members.clear(),
        }
    }

    /// Somebody has just come in, who may have been here before.
    pub fn restore(&mut self, user: UserId, before: Returning) {
        let Some(member) = self.place(user) else { return };
        member.avatar = before.avatar;
        member.own = before.own;
        member.preferences.own = before.own;
        member.muted_until = before.muted_until;
        member.last_sent = before.last_sent;
    }

    fn remove(&mut self, user: UserId) {
        self.members.retain(|member| member.user != user);
    }

    /// The old owner is one of many from now on, and nobody silences the new one.
    fn hand_over(&mut self, user: UserId, rev: Rev) {
        let old = self.admin.replace(user);
        self.info_rev = rev;
        for user in old.into_iter().chain([user]) {
            self.change_place(user, rev, |member| member.role = Role::Member);
        }
        self.change_place(user, rev, |member| member.muted_until = None);
    }

    fn change_place(&mut self, user: UserId, rev: Rev, change: impl FnOnce(&mut Member)) {
        if let Some(member) = self.place(user) {
            change(member);
            member.rev = rev;
        }
    }
}
