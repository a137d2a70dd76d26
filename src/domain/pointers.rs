//! How far a member has read, how far messages arrived at the member's devices, and what of both others see.
use super::{Kind, Member, Refusal, Roster, Seq, UserId};

/// What others see of a read pointer that moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The pointer itself, as before.
    Moved,
    /// Nothing: for them it stands here.
    Still(Seq),
    /// The pointer itself again.
    Again,
}

impl Member {
    /// How far others see that the member has read.
    pub fn seen_read(&self) -> Seq {
        self.shown.unwrap_or(self.read)
    }

    /// How far others see that messages arrived.
    pub fn arrived(&self) -> Seq {
        self.delivered.max(self.seen_read())
    }
}

impl Roster {
    /// A read pointer moves to `moved`, or stays, and others see it or do not. `None`: everything stays as it is.
    ///
    /// # Errors
    /// [`Code::NotFound`](super::Code::NotFound) for an outsider.
    pub fn show_read(&self, by: UserId, moved: Option<Seq>, is_seen: bool) -> Result<Option<(Seq, Shown)>, Refusal> {
        let member = self.member(by)?;
        Ok(match moved {
            _ if is_seen && member.shown.is_some() => Some((moved.unwrap_or(member.read), Shown::Again)),
            Some(seq) if is_seen => Some((seq, Shown::Moved)),
            Some(seq) => Some((seq, Shown::Still(member.seen_read()))),
            None => None,
        })
    }

    /// Moves a read pointer forward, and what others see of it.
    pub fn mark_read_as(&mut self, user: UserId, seq: Seq, shown: Shown) {
        if let Some(member) = self.place(user) {
            member.shown = if let Shown::Still(seq) = shown { Some(seq) } else { None };
        }
        self.mark_read(user, seq);
    }

    /// The devices of a member of a chat of two have everything up to `upto`. If others see that it is more than they knew
    /// the pointer moves, and that is how far.
    ///
    /// # Errors
    /// [`Code::NotFound`](super::Code::NotFound) for an outsider.
    pub fn deliver(&mut self, user: UserId, upto: Seq, newest: Seq, is_seen: bool) -> Result<Option<Seq>, Refusal> {
        self.member(user)?;
        let is_personal = self.kind == Kind::Personal;
        let upto = upto.min(newest);
        let Some(member) = self.place(user).filter(|member| is_personal && upto > member.arrived()) else {
            return Ok(None);
        };
        if !is_seen {
            // Nothing of what happens meanwhile is seen before the next read.
            member.shown = Some(member.seen_read());
        }
        if member.shown.is_some() {
            return Ok(None);
        }
        member.delivered = upto;
        Ok(Some(upto))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Name;

    const NEWEST: Seq = Seq(9);

    fn pair() -> (Roster, UserId) {
        let [ann, bob] = [(); 2].map(|()| UserId::new());
        let member = |user| Member::new(user, Name::stored("A"), Seq(0));
        (Roster::new(Kind::Personal, vec![member(ann), member(bob)]), ann)
    }

    fn read(roster: &mut Roster, by: UserId, upto: i64, is_seen: bool) -> Option<(Seq, Shown)> {
        let moved = roster.read(by, Some(Seq(upto)), NEWEST).unwrap();
        let read = roster.show_read(by, moved, is_seen).unwrap();
        if let Some((seq, shown)) = read {
            roster.mark_read_as(by, seq, shown);
        }
        read
    }

    #[test]
    fn what_is_read_unseen_is_seen_with_the_next_read_that_may_be() {
        let (mut roster, ann) = pair();
        assert_eq!(read(&mut roster, ann, 1, true), Some((Seq(1), Shown::Moved)));
        assert_eq!(read(&mut roster, ann, 3, false), Some((Seq(3), Shown::Still(Seq(1)))));
        assert_eq!(read(&mut roster, ann, 4, false), Some((Seq(4), Shown::Still(Seq(1)))));
        let member = roster.member(ann).unwrap();
        assert_eq!((member.read, member.seen_read(), member.arrived()), (Seq(4), Seq(1), Seq(1)));
        assert_eq!(read(&mut roster, ann, 2, false), None);
        assert_eq!(read(&mut roster, ann, 2, true), Some((Seq(4), Shown::Again)));
        assert_eq!(roster.member(ann).unwrap().seen_read(), Seq(4));
    }

    #[test]
    fn what_arrives_unseen_is_not_seen_before_the_next_read() {
        let (mut roster, ann) = pair();
        assert_eq!(roster.deliver(ann, Seq(2), NEWEST, true), Ok(Some(Seq(2))));
        assert_eq!(roster.deliver(ann, Seq(4), NEWEST, false), Ok(None));
        assert_eq!(roster.deliver(ann, Seq(4), NEWEST, true), Ok(None));
        assert_eq!(roster.member(ann).unwrap().arrived(), Seq(2));
        assert_eq!(read(&mut roster, ann, 0, true), Some((Seq(0), Shown::Again)));
        assert_eq!(roster.deliver(ann, Seq(400), NEWEST, true), Ok(Some(NEWEST)));
    }

    #[test]
    fn arrivals_are_of_chats_of_two_and_their_members() {
        let (mut roster, ann) = pair();
        assert!(roster.deliver(UserId::new(), Seq(1), NEWEST, true).is_err());
        for kind in [Kind::Group, Kind::SelfNotes] {
            roster.kind = kind;
            assert_eq!(roster.deliver(ann, Seq(1), NEWEST, true), Ok(None));
        }
    }

    proptest! {
        /// Whatever a member does, others see pointers that only move forward, that never pass what is so, and that do not
        /// move while the member lets nobody see them.
        #[test]
        fn others_see_pointers_move_forward_and_only_when_they_may(
            deeds in proptest::collection::vec((any::<bool>(), 0..12i64, any::<bool>()), 0..40)
        ) {
            let (mut roster, ann) = pair();
            for (reads, upto, is_seen) in deeds {
                let before = roster.member(ann).unwrap().clone();
                if reads {
                    read(&mut roster, ann, upto, is_seen);
                } else {
                    roster.deliver(ann, Seq(upto), NEWEST, is_seen).unwrap();
                }
                let after = roster.member(ann).unwrap();
                prop_assert!(after.read >= before.read && after.read <= NEWEST);
                prop_assert!(after.seen_read() >= before.seen_read() && after.seen_read() <= after.read);
                prop_assert!(after.arrived() >= before.arrived() && after.arrived() <= NEWEST);
                prop_assert!(after.arrived() >= after.seen_read());
                if !is_seen {
                    prop_assert_eq!((after.seen_read(), after.arrived()), (before.seen_read(), before.arrived()));
                } else if reads {
                    prop_assert_eq!(after.seen_read(), after.read);
                }
            }
        }
    }
}
