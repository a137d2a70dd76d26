//! The rules of who comes into a group, who goes, and who leads it.
use super::{Change, Code, Newcomer, Refusal, Role, Roster, Rules, UserId};

impl Roster {
    /// Somebody who may takes somebody in. Here and below `None` is an id that nobody has: the right to ask is checked first.
    ///
    /// # Errors
    /// [`Code::NotAdmin`], [`Code::Forbidden`] if that person does not want it, [`Code::Conflict`] if in already or banned,
    /// [`Code::TooLarge`] if the group is full, or [`Code::NotFound`] for an outsider and an id that nobody has.
    pub fn add(&self, by: UserId, member: Option<Newcomer>, rules: &Rules) -> Result<Change, Refusal> {
        self.at_least(by, self.settings.who_adds, "You Should be admin to add a member")?;
        let Newcomer { user, name, is_willing } = member.ok_or_else(Refusal::no_such_user)?;
        if !is_willing {
            return Err(Refusal::unwilling());
        }
        if self.has(user) {
            return Err(Refusal::new(Code::Conflict, "Already in Group"));
        }
        if self.banned.contains(&user) {
            return Err(Refusal::new(Code::Conflict, "Banned from the group"));
        }
        self.has_room(rules)?;
        Ok(Change::Added { user, name })
    }

    pub(super) fn has_room(&self, rules: &Rules) -> Result<(), Refusal> {
        let is_full = self.members.len() >= rules.group_members;
        if is_full { Err(Refusal::new(Code::TooLarge, "The group is full")) } else { Ok(()) }
    }

    /// The admin removes somebody, or a moderator a member.
    ///
    /// # Errors
    /// [`Code::NotAdmin`], [`Code::NotMember`], [`Code::Conflict`] for oneself, or [`Code::NotFound`].
    pub fn kick(&self, by: UserId, member: Option<UserId>) -> Result<Change, Refusal> {
        self.at_least(by, Role::Moderator, "Only the admin can remove a member")?;
        let user = member.ok_or_else(Refusal::no_such_user)?;
        if user == by {
            return Err(Refusal::new(Code::Conflict, "Nobody removes oneself: leave the group"));
        }
        self.is_in(user)?;
        if self.role(user) >= self.role(by) {
            return Err(Refusal::new(Code::NotAdmin, "Only the admin can remove a moderator"));
        }
        Ok(Change::Removed(user))
    }

    /// The admin hands over to somebody.
    ///
    /// # Errors
    /// [`Code::NotAdmin`], [`Code::NotMember`], [`Code::Conflict`] for the admin itself, or [`Code::NotFound`].
    pub fn change_admin(&self, by: UserId, member: Option<UserId>) -> Result<Change, Refusal> {
        self.at_least(by, Role::Owner, "Only the admin can hand over the group")?;
        let user = member.ok_or_else(Refusal::no_such_user)?;
        self.is_in(user)?;
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
        self.at_least(by, Role::Owner, "Only the admin can delete the group")?;
        Ok(Change::Deleted)
    }

    fn is_in(&self, user: UserId) -> Result<(), Refusal> {
        if self.has(user) { Ok(()) } else { Err(not_in_the_group()) }
    }

    fn at_least(&self, by: UserId, role: Role, reason: &'static str) -> Result<(), Refusal> {
        self.member(by)?;
        if self.role(by) >= role { Ok(()) } else { Err(Refusal::new(Code::NotAdmin, reason)) }
    }
}

pub(super) fn not_in_the_group() -> Refusal {
    Refusal::new(Code::NotMember, "Not in the group")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Kind, Member, Name, Rev, Seq};

    fn rules() -> Rules {
        Rules { group_members: 3, ..Rules::default() }
    }

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    fn newcomer(user: UserId, text: &str) -> Option<Newcomer> {
        Some(Newcomer { user, name: name(text), is_willing: true })
    }

    /// A group of an admin and a member, and an outsider.
    fn group() -> (Roster, UserId, UserId, UserId) {
        let ann = UserId::new();
        let bob = UserId::new();
        let eve = UserId::new();
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
        assert_eq!(code(roster.add(eve, newcomer(eve, "Eve"), &rules())), Code::NotFound);
        assert_eq!(code(roster.kick(eve, Some(bob))), Code::NotFound);
        assert_eq!(code(roster.change_admin(eve, Some(eve))), Code::NotFound);
        assert_eq!(code(roster.leave(eve)), Code::NotFound);
        assert_eq!(code(roster.delete(eve)), Code::NotFound);
    }

    #[test]
    fn a_member_who_is_not_admin_may_only_leave() {
        let (roster, ann, bob, eve) = group();
        assert_eq!(code(roster.add(bob, newcomer(eve, "Eve"), &rules())), Code::NotAdmin);
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
        assert_eq!(code(roster.add(ann, newcomer(bob, "Bob"), &rules())), Code::Conflict);
        let change = roster.add(ann, newcomer(eve, "Eve"), &rules()).unwrap();
        roster.apply(&change, Seq(7), Rev(1));
        assert_eq!(roster.member(eve).unwrap().read, Seq(7), "reading starts where the membership begins");
        assert_eq!(code(roster.add(ann, newcomer(UserId::new(), "Zoe"), &rules())), Code::TooLarge);
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
