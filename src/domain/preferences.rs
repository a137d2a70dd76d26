//! What a member alone decides of a chat: to be left in peace by it, to have it elsewhere in the list, to see no more of it.
use std::time::Duration;

use super::{Kind, Member, Own, Refusal, Roster, Seq, Timestamp, UserId};

/// A member's preferences in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Preferences {
    /// Their last change.
    pub own: Own,
    /// Until when nothing of the chat is to be notified.
    pub silent_until: Option<Timestamp>,
    /// Whether it is put away.
    pub archived: bool,
    /// Since when it stands first.
    pub pinned_at: Option<Timestamp>,
    /// Whether it is to look unread.
    pub marked_unread: bool,
    /// Whether a chat of two is not to be seen until the next message.
    pub hidden: bool,
    /// What came up to here is not to be seen.
    pub cleared: Seq,
}

/// What somebody wants to have in another way; the rest stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PreferencesChange {
    /// For how long nothing is to be notified; for no time at all: it is again.
    pub silence: Option<Duration>,
    /// Whether it is put away.
    pub archived: Option<bool>,
    /// Whether it stands first.
    pub pinned: Option<bool>,
    /// Whether it is to look unread.
    pub marked_unread: Option<bool>,
    /// Whether it is not to be seen until the next message.
    pub hidden: Option<bool>,
}

impl PreferencesChange {
    /// Whether it names nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What somebody wants of a chat for oneself alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnDeed {
    /// To have it in another way.
    Prefer(PreferencesChange),
    /// To see nothing more of what came up to here, or until now.
    Clear(Option<Seq>),
}

/// Why preferences change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The member wanted it.
    Asked,
    /// The member has read the chat; with the place of the pointer if it does not move, so that nothing else answers.
    Read(Option<Seq>),
    /// Something was said.
    Said,
}

impl Preferences {
    fn with(self, change: &PreferencesChange, now: Timestamp) -> Self {
        let PreferencesChange { silence, archived, pinned, marked_unread, hidden } = *change;
        let silent_until = match silence {
            Some(span) => (!span.is_zero()).then(|| now.plus(span)),
            None => self.silent_until,
        };
        let pinned_at = match pinned {
            Some(true) => self.pinned_at.or(Some(now)),
            Some(false) => None,
            None => self.pinned_at,
        };
        Self {
            silent_until,
            archived: archived.unwrap_or(self.archived),
            pinned_at,
            marked_unread: marked_unread.unwrap_or(self.marked_unread),
            hidden: hidden.unwrap_or(self.hidden),
            ..self
        }
    }
}

impl Roster {
    /// What a member's preferences are then. `None`: they are so already.
    ///
    /// # Errors
    /// [`Code::NotFound`](super::Code::NotFound) for an outsider, and for hiding what is no chat of two.
    pub fn prefer(
        &self,
        by: UserId,
        deed: &OwnDeed,
        newest: Seq,
        now: Timestamp,
    ) -> Result<Option<Preferences>, Refusal> {
        let old = self.member(by)?.preferences;
        let new = match deed {
            OwnDeed::Prefer(change) if change.hidden.is_some() && self.kind != Kind::Personal => {
                return Err(Refusal::no_such_chat());
            }
            OwnDeed::Prefer(change) => old.with(change, now),
            OwnDeed::Clear(upto) => {
                let cleared = upto.unwrap_or(newest).min(newest).max(old.cleared);
                Preferences { cleared, ..old }
            }
        };
        Ok((new != old).then_some(new))
    }

    /// Whether somebody's preferences end when a member says something.
    pub fn ends_preferences(&self, member: &Member) -> bool {
        let is_shown = || self.members.iter().any(|member| member.preferences.hidden);
        member.preferences.marked_unread || (self.kind == Kind::Personal && is_shown())
    }

    /// Those whose preferences end when `by` says something, and what they are then: a chat is unread no more to the one who
    /// writes there, and hidden no more to anybody.
    pub fn ended_by_message(&self, by: UserId) -> Vec<(UserId, Preferences)> {
        if self.kind != Kind::Personal {
            return self.ended_by_reading(by).map(|preferences| (by, preferences)).into_iter().collect();
        }
        let ended = self.members.iter().filter_map(|Member { user, preferences: old, .. }| {
            let new = Preferences { marked_unread: old.marked_unread && *user != by, hidden: false, ..*old };
            (new != *old).then_some((*user, new))
        });
        ended.collect()
    }

    /// What a member's preferences are after reading, if that changes them.
    pub fn ended_by_reading(&self, by: UserId) -> Option<Preferences> {
        let old = self.member(by).ok()?.preferences;
        old.marked_unread.then_some(Preferences { marked_unread: false, ..old })
    }

    /// A member's preferences are these.
    pub fn set_preferences(&mut self, user: UserId, preferences: Preferences) {
        if let Some(member) = self.place(user) {
            member.preferences = preferences;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Code, Name, Rules};

    fn pair(kind: Kind) -> (Roster, UserId, UserId) {
        let [ann, bob] = [(); 2].map(|()| UserId::new());
        let member = |user| Member::new(user, Name::stored("A"), Seq(2));
        (Roster::new(kind, vec![member(ann), member(bob)]), ann, bob)
    }

    #[test]
    fn clearing_only_goes_forward_and_never_past_the_newest() {
        let (mut roster, ann, _) = pair(Kind::Group);
        let clear = |roster: &Roster, upto| roster.prefer(ann, &OwnDeed::Clear(upto), Seq(9), Timestamp(0)).unwrap();
        let cleared = clear(&roster, Some(Seq(5))).unwrap();
        roster.set_preferences(ann, cleared);
        assert_eq!(roster.member(ann).unwrap().first(&Rules::default()), Seq(6));
        assert_eq!(clear(&roster, Some(Seq(4))), None);
        assert_eq!(clear(&roster, Some(Seq(100))).unwrap().cleared, Seq(9));
        assert_eq!(clear(&roster, None).unwrap().cleared, Seq(9));
    }

    #[test]
    fn only_chats_of_two_are_hidden_and_the_next_message_shows_them() {
        let hide = OwnDeed::Prefer(PreferencesChange { hidden: Some(true), ..PreferencesChange::default() });
        let (group, ann, _) = pair(Kind::Group);
        assert_eq!(group.prefer(ann, &hide, Seq(9), Timestamp(0)).unwrap_err().code, Code::NotFound);
        let (mut chat, ann, bob) = pair(Kind::Personal);
        chat.set_preferences(ann, chat.prefer(ann, &hide, Seq(9), Timestamp(0)).unwrap().unwrap());
        assert_eq!(chat.ended_by_message(bob), [(ann, Preferences::default())]);
    }

    #[test]
    fn a_chat_is_unread_no_more_to_whoever_reads_it_or_writes_there() {
        let mark = OwnDeed::Prefer(PreferencesChange { marked_unread: Some(true), ..PreferencesChange::default() });
        let (mut roster, ann, bob) = pair(Kind::Group);
        roster.set_preferences(ann, roster.prefer(ann, &mark, Seq(9), Timestamp(0)).unwrap().unwrap());
        assert_eq!(roster.ended_by_message(bob), []);
        assert_eq!(roster.ended_by_message(ann), [(ann, Preferences::default())]);
        assert_eq!(roster.ended_by_reading(ann), Some(Preferences::default()));
        assert_eq!(roster.ended_by_reading(bob), None);
    }
}
