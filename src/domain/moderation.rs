//! Who keeps order in a group, and how: roles, silence for those who disturb, and bans. And who may say something, as things are.
use std::time::Duration;

use super::{Change, Code, Kind, Member, Refusal, Role, Roster, Rules, Timestamp, UserId, members::not_in_the_group};

impl Roster {
    /// The owner makes somebody a moderator, or a plain member again. `None`: it is so already.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::NotMember`], [`Code::Conflict`] for oneself, or [`Code::NotFound`].
    pub fn set_role(&self, by: UserId, member: Option<UserId>, role: Role) -> Result<Option<Change>, Refusal> {
        self.member(by)?;
        if self.role(by) < Role::Owner {
            return Err(Refusal::forbidden("Only the owner can change roles"));
        }
        let user = self.present(member)?;
        not_oneself(by, user)?;
        Ok((self.role(user) != role).then_some(Change::RoleSet(user, role)))
    }

    /// Somebody is silenced for a while; for no time at all: not any more. `None`: it is so already.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::NotMember`], [`Code::Conflict`] for oneself, or [`Code::NotFound`].
    pub fn mute(
        &self,
        by: UserId,
        member: Option<UserId>,
        span: Duration,
        now: Timestamp,
    ) -> Result<Option<Change>, Refusal> {
        self.keeps_order(by)?;
        let user = self.present(member)?;
        not_oneself(by, user)?;
        self.is_below(by, user)?;
        if span.is_zero() {
            let is_muted = self.member(user)?.muted_until.is_some_and(|until| until > now);
            return Ok(is_muted.then_some(Change::Muted(user, None)));
        }
        Ok(Some(Change::Muted(user, Some(now.plus(span)))))
    }

    /// Somebody may not come in any more, and goes if that one is in. `None`: it is so already.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::Conflict`] for oneself, [`Code::TooLarge`] if as many are banned as may be, or
    /// [`Code::NotFound`].
    pub fn ban(&self, by: UserId, person: Option<UserId>, rules: &Rules) -> Result<Option<Change>, Refusal> {
        self.keeps_order(by)?;
        let user = person.ok_or_else(Refusal::no_such_user)?;
        not_oneself(by, user)?;
        let is_member = self.has(user);
        if is_member {
            self.is_below(by, user)?;
        }
        if self.banned.contains(&user) {
            return Ok(None);
        }
        if self.banned.len() >= rules.bans {
            return Err(Refusal::new(Code::TooLarge, format!("At most {} people are banned", rules.bans)));
        }
        Ok(Some(Change::Banned { user, is_member }))
    }

    /// Somebody may come in again. `None`: that is so already.
    ///
    /// # Errors
    /// [`Code::Forbidden`], or [`Code::NotFound`] for an outsider.
    pub fn unban(&self, by: UserId, person: Option<UserId>) -> Result<Option<Change>, Refusal> {
        self.keeps_order(by)?;
        Ok(person.filter(|user| self.banned.contains(user)).map(Change::Unbanned))
    }

    /// Whether somebody keeps order here.
    ///
    /// # Errors
    /// [`Code::Forbidden`], or [`Code::NotFound`] for an outsider.
    pub fn keeps_order(&self, by: UserId) -> Result<(), Refusal> {
        self.member(by)?;
        if self.role(by) >= Role::Moderator {
            Ok(())
        } else {
            Err(Refusal::forbidden("Only those who moderate the group can"))
        }
    }

    /// Whether somebody may say something now.
    ///
    /// # Errors
    /// [`Code::Forbidden`] by what the group allows, [`Code::Muted`], [`Code::SlowMode`], or [`Code::NotFound`] for an outsider.
    pub fn may_say(&self, by: UserId, now: Timestamp) -> Result<(), Refusal> {
        self.may_say_as(self.member(by)?, now)
    }

    /// The same for a member who is known to be one.
    ///
    /// # Errors
    /// Likewise.
    pub fn may_say_as(&self, member: &Member, now: Timestamp) -> Result<(), Refusal> {
        self.may_type_as(member, now)?;
        if !self.is_slow_for(member) {
            return Ok(());
        }
        let next = member.last_sent.map(|last| last.plus(self.settings.slow_mode));
        match next.filter(|next| *next > now) {
            Some(next) => Err(Refusal::after(Code::SlowMode, "Slow mode: wait a moment", next.since(now))),
            None => Ok(()),
        }
    }

    /// Whether others may hear that somebody is about to say something.
    ///
    /// # Errors
    /// [`Code::Forbidden`] by what the group allows, [`Code::Muted`], or [`Code::NotFound`] for an outsider.
    pub fn may_type(&self, by: UserId, now: Timestamp) -> Result<(), Refusal> {
        self.may_type_as(self.member(by)?, now)
    }

    fn may_type_as(&self, member: &Member, now: Timestamp) -> Result<(), Refusal> {
        if self.settings.who_posts > Role::Member
            && self.kind == Kind::Group
            && self.role_of(member) < self.settings.who_posts
        {
            return Err(Refusal::forbidden("Not everybody may say something here"));
        }
        self.may_act_as(member, now)
    }

    /// Whether somebody may change something that was said.
    ///
    /// # Errors
    /// [`Code::Muted`], [`Code::Blocked`], or [`Code::NotFound`] for an outsider.
    pub fn may_act(&self, by: UserId, now: Timestamp) -> Result<(), Refusal> {
        self.may_act_as(self.member(by)?, now)
    }

    fn may_act_as(&self, member: &Member, now: Timestamp) -> Result<(), Refusal> {
        match member.muted_until.filter(|until| *until > now) {
            Some(until) => Err(Refusal::after(Code::Muted, "You are muted in this group", until.since(now))),
            None => self.unless_blocked(),
        }
    }

    /// Whether the time from one message of this member to the next counts.
    pub fn is_slow_for(&self, member: &Member) -> bool {
        !self.settings.slow_mode.is_zero() && self.kind == Kind::Group && self.role_of(member) == Role::Member
    }

    fn present(&self, member: Option<UserId>) -> Result<UserId, Refusal> {
        let user = member.ok_or_else(Refusal::no_such_user)?;
        if self.has(user) { Ok(user) } else { Err(not_in_the_group()) }
    }

    /// The owner is above all, and moderators are above members.
    fn is_below(&self, by: UserId, user: UserId) -> Result<(), Refusal> {
        if self.role(user) < self.role(by) { Ok(()) } else { Err(Refusal::forbidden("Not above this member")) }
    }
}

fn not_oneself(by: UserId, user: UserId) -> Result<(), Refusal> {
    if by == user { Err(Refusal::new(Code::Conflict, "Not oneself")) } else { Ok(()) }
}
