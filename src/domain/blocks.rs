//! A block in a chat of two: it holds both ways, whoever made it.
use super::{Change, Code, Kind, Refusal, Roster, UserId};

impl Roster {
    /// A member of a chat of two blocks the other, or does no more. `None`: it is so already.
    ///
    /// # Errors
    /// [`Code::NotFound`] for an outsider, and in other chats.
    pub fn block(&self, by: UserId, on: bool, most: usize) -> Result<Option<Change>, Refusal> {
        let member = self.member(by)?;
        let other = self.others(by).next().filter(|_| self.kind == Kind::Personal).ok_or_else(Refusal::no_such_chat)?;
        Ok((member.blocks != on).then_some(Change::Blocked { user: other.user, on, most }))
    }

    /// Whether one of the two has blocked the other.
    pub fn is_blocked(&self) -> bool {
        self.kind == Kind::Personal && self.members.iter().any(|member| member.blocks)
    }

    pub(super) fn unless_blocked(&self) -> Result<(), Refusal> {
        if self.is_blocked() { Err(Refusal::blocked()) } else { Ok(()) }
    }

    /// `user` is blocked by the other one, or is no more.
    pub(super) fn set_blocked(&mut self, user: UserId, on: bool) {
        if let Some(other) = self.members.iter_mut().find(|member| member.user != user) {
            other.blocks = on;
        }
    }
}

impl Refusal {
    /// One of the two has blocked the other; which one, nobody is told.
    pub fn blocked() -> Self {
        Self::new(Code::Blocked, "One of you has blocked the other")
    }

    /// That person does not want to be taken into a group by this one, for whatever reason.
    pub fn unwilling() -> Self {
        Self::forbidden("Somebody does not let you do that")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Member, Name, Rev, Seq, Timestamp};

    #[test]
    fn a_block_holds_both_ways_until_each_has_taken_back_their_own() {
        let [ann, bob] = [(); 2].map(|()| UserId::new());
        let member = |user| Member::new(user, Name::stored("A"), Seq(0));
        let mut chat = Roster::new(Kind::Personal, vec![member(ann), member(bob)]);
        let mut block = |by, on| {
            if let Some(change) = chat.block(by, on, 1).unwrap() {
                chat.apply(&change, Seq(0), Rev(9));
            }
            [ann, bob].map(|user| chat.may_say(user, Timestamp(0)).err().map(|refusal| refusal.code))
        };
        let both = [Some(Code::Blocked); 2];
        assert_eq!(block(ann, true), both);
        assert_eq!(block(ann, true), both);
        assert_eq!(block(bob, true), both);
        assert_eq!(block(ann, false), both, "Bob's stands");
        assert_eq!(block(bob, false), [None; 2]);
        assert_eq!(chat.rev, Rev(0), "nobody is told");
    }
}
