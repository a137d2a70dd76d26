//! What changes in a group once it is decided, and what the group is then.
use super::{Code, Member, Name, Refusal, Rev, Roster, Seq, UserId, members::not_in_the_group};

/// A change in a group, once decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The admin took somebody in.
    Added {
        /// Who came.
        user: UserId,
        /// Under which name.
        name: Name,
    },
    /// Somebody left or was kicked.
    Removed(UserId),
    /// The admin role moved.
    AdminChanged(UserId),
    /// The group is gone, with all its messages.
    Deleted,
}

impl Change {
    /// Why the change does not come true although it was decided: somebody's account has ended meanwhile.
    pub fn overtaken(&self) -> Refusal {
        match self {
            Self::Added { .. } => Refusal::no_such_user(),
            Self::Removed(_) => Refusal::new(Code::Conflict, "The admin must hand over the group first"),
            Self::AdminChanged(_) => not_in_the_group(),
            Self::Deleted => Refusal::no_such_chat(),
        }
    }
}

impl Roster {
    /// Makes a change true; `newest` is the newest message at that moment, `rev` the number of the change.
    pub fn apply(&mut self, change: &Change, newest: Seq, rev: Rev) {
        self.rev = rev;
        self.roster_rev = rev;
        match change {
            Change::Added { user, name } => {
                self.members.push(Member { rev, ..Member::new(*user, name.clone(), newest) });
            }
            Change::Removed(user) => self.members.retain(|m| m.user != *user),
            Change::AdminChanged(user) => {
                let old = self.admin.replace(*user);
                self.info_rev = rev;
                let concerned = |member: &&mut Member| member.user == *user || Some(member.user) == old;
                self.members.iter_mut().filter(concerned).for_each(|member| member.rev = rev);
            }
            Change::Deleted => self.members.clear(),
        }
    }
}
