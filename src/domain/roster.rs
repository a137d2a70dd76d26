//! The rules of self, personal and group chats: who is in, who may do what, who has read how far.
use super::{Code, Description, GroupSettings, Name, Own, Refusal, Rev, Role, Rules, Seq, UserId};

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
}

impl Member {
    /// Somebody who comes in when `joined` is the newest message.
    pub fn new(user: UserId, name: Name, joined: Seq) -> Self {
        Self {
            user,
            name,
            joined,
            read: joined,
            rev: Rev(0),
            own: Own(0),
            delivered: Seq(0),
            shown: None,
            wrote: false,
        }
    }

    /// The first message that this member sees.
    pub fn first(&self, rules: &Rules) -> Seq {
        if rules.history_for_new_members { Seq(1) } else { self.joined.next() }
    }
}

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

/// Who is in a chat, in joining order, and who runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// What kind of chat.
    pub kind: Kind,
    /// The group's name; other chats have none.
    pub name: Option<Name>,
    /// What the group is for.
    pub description: Option<Description>,
    /// The group's admin; other chats have none.
    pub admin: Option<UserId>,
    /// The members in joining order.
    pub members: Vec<Member>,
    /// Who may do what; other chats than groups have the usual settings.
    pub settings: GroupSettings,
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
            admin: None,
            members,
            settings: GroupSettings::default(),
            rev: zero,
            info_rev: zero,
            roster_rev: zero,
        }
    }

    /// What a member is. In chats that are no groups all are the same.
    pub fn role(&self, user: UserId) -> Role {
        if self.admin == Some(user) { Role::Owner } else { Role::Member }
    }

    /// The caller's own place. An outsider learns nothing, not even that the chat exists.
    ///
    /// # Errors
    /// [`Code::NotFound`] for an outsider.
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
    /// [`Code::NotFound`] for an outsider.
    pub fn read(&self, by: UserId, upto: Option<Seq>, newest: Seq) -> Result<Option<Seq>, Refusal> {
        let member = self.member(by)?;
        let seq = upto.unwrap_or(newest).min(newest);
        Ok((seq > member.read).then_some(seq))
    }

    /// The admin takes somebody in. Here and below `None` is an id that nobody has: the right to ask is checked first.
    ///
    /// # Errors
    /// [`Code::NotAdmin`], [`Code::Conflict`] if that person is in already, [`Code::TooLarge`] if the group is full, or
    /// [`Code::NotFound`] for an outsider and an id that nobody has.
    pub fn add(&self, by: UserId, member: Option<(UserId, Name)>, rules: &Rules) -> Result<Change, Refusal> {
        self.admin_only(by, "You Should be admin to add a member")?;
        let (user, name) = member.ok_or_else(Refusal::no_such_user)?;
        if self.has(user) {
            return Err(Refusal::new(Code::Conflict, "Already in Group"));
        }
        if self.members.len() >= rules.group_members {
            return Err(Refusal::new(Code::TooLarge, "The group is full"));
        }
        Ok(Change::Added { user, name })
    }

    /// The admin removes somebody.
    ///
    /// # Errors
    /// [`Code::NotAdmin`], [`Code::NotMember`], [`Code::Conflict`] for the admin itself, or [`Code::NotFound`].
    pub fn kick(&self, by: UserId, member: Option<UserId>) -> Result<Change, Refusal> {
        self.admin_only(by, "Only the admin can remove a member")?;
        let user = member.ok_or_else(Refusal::no_such_user)?;
        if user == by {
            return Err(Refusal::new(Code::Conflict, "The admin cannot be removed: hand over first"));
        }
        self.present(user)?;
        Ok(Change::Removed(user))
    }

    /// The admin hands over to somebody.
    ///
    /// # Errors
    /// [`Code::NotAdmin`], [`Code::NotMember`], [`Code::Conflict`] for the admin itself, or [`Code::NotFound`].
    pub fn change_admin(&self, by: UserId, member: Option<UserId>) -> Result<Change, Refusal> {
        self.admin_only(by, "Only the admin can hand over the group")?;
        let user = member.ok_or_else(Refusal::no_such_user)?;
        self.present(user)?;
        if user == by {
            return Err(Refusal::new(Code::Conflict, "Already the admin"));
        }
        Ok(Change::AdminChanged(user))
    }

    /// A member leaves.
    ///
    /// # Errors
    /// [`Code::Conflict`] for the admin, [`Code::NotFound`] for an outsider.
    pub fn leave(&self, by: UserId) -> Result<Change, Refusal> {
        self.member(by)?;
        if self.admin == Some(by) {
            return Err(Refusal::new(Code::Conflict, "The admin must hand over the group before leaving"));
        }
        Ok(Change::Removed(by))
    }

    /// The admin ends the group.
    ///
    /// # Errors
    /// [`Code::NotAdmin`], or [`Code::NotFound`] for an outsider.
    pub fn delete(&self, by: UserId) -> Result<Change, Refusal> {
        self.admin_only(by, "Only the admin can delete the group")?;
        Ok(Change::Deleted)
    }

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

    /// What a member alone sees was changed last by `own`.
    pub fn number_own(&mut self, user: UserId, own: Own) {
        if let Some(member) = self.members.iter_mut().find(|m| m.user == user) {
            member.own = own;
        }
    }

    /// Moves a read pointer forward.
    pub fn mark_read(&mut self, user: UserId, seq: Seq) {
        if let Some(member) = self.members.iter_mut().find(|m| m.user == user) {
            member.read = member.read.max(seq);
        }
    }

    fn find(&self, user: UserId) -> Option<&Member> {
        self.members.iter().find(|m| m.user == user)
    }

    fn present(&self, user: UserId) -> Result<(), Refusal> {
        if self.has(user) { Ok(()) } else { Err(not_in_the_group()) }
    }

    fn admin_only(&self, by: UserId, reason: &'static str) -> Result<(), Refusal> {
        self.member(by)?;
        if self.admin == Some(by) { Ok(()) } else { Err(Refusal::new(Code::NotAdmin, reason)) }
    }
}

fn not_in_the_group() -> Refusal {
    Refusal::new(Code::NotMember, "Not in the group")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules { group_members: 3, ..Rules::default() }
    }

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    /// A group of an admin and a member, and an outsider.
    fn group() -> (Roster, UserId, UserId, UserId) {
        let (ann, bob, eve) = (UserId::new(), UserId::new(), UserId::new());
        let member = |user, text| Member::new(user, name(text), Seq(0));
        let members = vec![member(ann, "Ann"), member(bob, "Bob")];
        let roster = Roster { name: Some(name("Band")), admin: Some(ann), ..Roster::new(Kind::Group, members) };
        (roster, ann, bob, eve)
    }

    fn code<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> Code {
        refused.unwrap_err().code
    }

    #[test]
    fn an_outsider_learns_nothing_from_any_command() {
        let (roster, _, bob, eve) = group();
        assert_eq!(code(roster.member(eve)), Code::NotFound);
        assert_eq!(code(roster.read(eve, None, Seq(1))), Code::NotFound);
        assert_eq!(code(roster.add(eve, Some((eve, name("Eve"))), &rules())), Code::NotFound);
        assert_eq!(code(roster.kick(eve, Some(bob))), Code::NotFound);
        assert_eq!(code(roster.change_admin(eve, Some(eve))), Code::NotFound);
        assert_eq!(code(roster.leave(eve)), Code::NotFound);
        assert_eq!(code(roster.delete(eve)), Code::NotFound);
    }

    #[test]
    fn a_member_who_is_not_admin_may_only_leave() {
        let (roster, ann, bob, eve) = group();
        assert_eq!(code(roster.add(bob, Some((eve, name("Eve"))), &rules())), Code::NotAdmin);
        assert_eq!(code(roster.kick(bob, Some(ann))), Code::NotAdmin);
        assert_eq!(code(roster.change_admin(bob, Some(bob))), Code::NotAdmin);
        assert_eq!(code(roster.delete(bob)), Code::NotAdmin);
        assert_eq!(roster.leave(bob), Ok(Change::Removed(bob)));
    }

    #[test]
    fn the_admin_must_hand_over_before_leaving_and_cannot_be_kicked() {
        let (mut roster, ann, bob, eve) = group();
        assert_eq!(code(roster.leave(ann)), Code::Conflict);
        assert_eq!(code(roster.kick(ann, Some(ann))), Code::Conflict);
        assert_eq!(code(roster.change_admin(ann, Some(eve))), Code::NotMember);
        assert_eq!(code(roster.change_admin(ann, None)), Code::NotFound);
        let change = roster.change_admin(ann, Some(bob)).unwrap();
        roster.apply(&change, Seq(0), Rev(1));
        assert_eq!(roster.leave(ann), Ok(Change::Removed(ann)));
        assert_eq!(code(roster.delete(ann)), Code::NotAdmin);
    }

    #[test]
    fn a_group_takes_nobody_twice_and_not_more_than_it_may() {
        let (mut roster, ann, bob, eve) = group();
        assert_eq!(code(roster.add(ann, Some((bob, name("Bob"))), &rules())), Code::Conflict);
        let change = roster.add(ann, Some((eve, name("Eve"))), &rules()).unwrap();
        roster.apply(&change, Seq(7), Rev(1));
        assert_eq!(roster.member(eve).unwrap().read, Seq(7), "reading starts where the membership begins");
        assert_eq!(code(roster.add(ann, Some((UserId::new(), name("Zoe"))), &rules())), Code::TooLarge);
    }

    #[test]
    fn a_read_pointer_only_moves_forward_and_never_past_the_newest() {
        let (mut roster, ann, ..) = group();
        assert_eq!(roster.read(ann, None, Seq(5)), Ok(Some(Seq(5))));
        assert_eq!(roster.read(ann, Some(Seq(9)), Seq(5)), Ok(Some(Seq(5))));
        roster.mark_read(ann, Seq(5));
        assert_eq!(roster.read(ann, Some(Seq(3)), Seq(5)), Ok(None));
        assert_eq!(roster.read(ann, None, Seq(5)), Ok(None));
        roster.mark_read(ann, Seq(2));
        assert_eq!(roster.member(ann).unwrap().read, Seq(5));
    }

    #[test]
    fn a_deleted_group_knows_nobody() {
        let (mut roster, ann, ..) = group();
        let change = roster.delete(ann).unwrap();
        roster.apply(&change, Seq(1), Rev(1));
        assert_eq!(code(roster.member(ann)), Code::NotFound);
    }
}
