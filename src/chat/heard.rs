//! What another node did, told here: as the same is told that happens here, but for an answer.
use super::{
    actor::{Chat, LedgerState},
    departures,
    ledger::{Changing, Ledger},
    lookup::Lookup,
    notifier::Notifier,
    stand::Coming,
};
use crate::{
    domain::{
        Activity, Cause, Change, ChatNews, Departure, Edited, Effect, Field, Fields, GroupChange, GroupEdit, GroupInfo,
        Kind, Marks, Member, MessageChange, Name, Own, Part, Preferred, Quoted, Returning, Rev, Seq, Step,
        StoredMessage, Turn, UserId,
    },
    events::{ChatEvent, GroupEvent},
    presence::{Caller, packet},
    store::{Drawn, LeftGroup, Opened},
};

impl Chat {
    /// Tells one step. What is left to do needs a query.
    pub(super) fn tell_news(&mut self, news: &ChatNews, drawn: Vec<Drawn>) -> Vec<Lookup> {
        let LedgerState::Loaded(ledger) = &mut self.state else { return Vec::new() };
        let notifier = Notifier { chat: self.id, shared: &self.shared };
        let mut lookups = Vec::new();
        for (part, drawn) in news.parts.iter().zip(drawn) {
            match (part, drawn) {
                (Part::Said { first, count }, Drawn::Said(messages)) => {
                    for (message, original) in &messages {
                        self.hints.said(self.id, ledger, &self.shared.presence, message.sender);
                        notifier.heard_message(ledger, message, original.as_ref());
                    }
                    ledger.newest = ledger.newest.max(Seq(first.0 + i64::from(*count) - 1));
                }
                (Part::Founded { by, members }, _) => notifier.heard_foundation(ledger, *by, members),
                (Part::Read { user, seq, shown }, _) => {
                    lookups.extend(notifier.read_elsewhere(ledger, Caller::elsewhere(*user), *seq, *shown));
                }
                (Part::Preferred { user, cause }, Drawn::Place(Some(place))) => {
                    notifier.heard_preferences(ledger, *user, *cause, &place);
                }
                (Part::Message { seq, by, effect, rev, own }, Drawn::Message(Some(opened))) => {
                    notifier.heard_change(ledger, (*seq, *by), effect, (*rev, *own), *opened);
                }
                (Part::Turned { turn, by, at, newest, rev }, Drawn::Turned { activity, newcomer, info }) => {
                    let drawn = Turned { activity, newcomer, info };
                    if let Some((change, returning)) = drawn.change(ledger, turn) {
                        let changed = drawn.group_change(ledger, self.id, (change, *by, *at));
                        let caller = Caller::elsewhere(*by);
                        notifier.changed(ledger, &caller, &changed, (*newest, *rev), returning);
                    }
                }
                (Part::Departed(departure), Drawn::Departed(left, led)) => {
                    notifier.heard_departure(ledger, departure, left, led);
                }
                _ => {}
            }
        }
        if news.step > Step(0) {
            ledger.stand.step = news.step;
        }
        lookups
    }

    /// The chat is not there any more: those who were in hear of its end, and of nothing else.
    pub(super) fn hear_of_the_end(&mut self) {
        let notifier = Notifier { chat: self.id, shared: &self.shared };
        for coming in std::mem::take(&mut self.coming) {
            let Coming::News(news) = coming else { continue };
            for part in &news.parts {
                if let Part::Turned { turn: Turn::Deleted(members), by, .. } = part {
                    notifier.heard_end(members, *by);
                }
            }
        }
    }
}

/// What was drawn for a change of who is in, or of what the group is.
struct Turned {
    activity: Option<Activity>,
    newcomer: Option<Box<Member>>,
    info: Option<Box<GroupInfo>>,
}

impl Turned {
    /// The change, and what was kept of whoever comes in. `None`: nothing of it is told.
    fn change(&self, ledger: &Ledger<Caller>, turn: &Turn) -> Option<(Change, Returning)> {
        let plain = |change| Some((change, Returning::default()));
        match turn {
            Turn::Added(user) => {
                let (name, returning) = self.came(*user);
                Some((Change::Added { user: *user, name }, returning))
            }
            Turn::Joined(user, invite) => {
                let (name, returning) = self.came(*user);
                Some((Change::Joined { user: *user, name, invite: *invite }, returning))
            }
            Turn::Removed(user, _) => plain(Change::Removed(*user)),
            Turn::Banned(user, place) => plain(Change::Banned { user: *user, is_member: place.is_some() }),
            Turn::Unbanned(user) => plain(Change::Unbanned(*user)),
            Turn::RoleSet(user, role) => plain(Change::RoleSet(*user, *role)),
            Turn::AdminChanged(user) => plain(Change::AdminChanged(*user)),
            Turn::Muted(user, until) => plain(Change::Muted(*user, *until)),
            Turn::Edited(fields) => plain(Change::Edited(Box::new(self.edited(ledger, *fields)))),
            Turn::Blocked(user, on) => plain(Change::Blocked { user: *user, on: *on, most: usize::MAX }),
            Turn::Deleted(_) => plain(Change::Deleted),
            Turn::InviteRevoked(invite) => plain(Change::InviteRevoked(*invite)),
            Turn::Invited => None,
        }
    }

    fn came(&self, user: UserId) -> (Name, Returning) {
        let recorded = self.activity.as_ref().filter(|activity| activity.whom.0 == user);
        let name = self.newcomer.as_ref().map(|member| member.name.clone());
        let name = name.or_else(|| Some(recorded?.whom.1.clone())).unwrap_or_else(|| Name::stored(""));
        let returning = self.newcomer.as_ref().map_or_else(Returning::default, |member| Returning {
            avatar: member.avatar,
            own: member.own,
            muted_until: member.muted_until,
            last_sent: member.last_sent,
        });
        (name, returning)
    }

    fn edited(&self, ledger: &Ledger<Caller>, fields: Fields) -> Edited {
        let now = self.info.as_deref().cloned().unwrap_or_else(|| GroupInfo::from(&ledger.told));
        let has = |field| fields.iter().any(|of| of == field);
        Edited {
            name: has(Field::Name).then_some(now.name),
            description: has(Field::Description).then_some(now.description),
            avatar: has(Field::Avatar).then_some(now.avatar),
            settings: if has(Field::Settings) { now.settings } else { ledger.told.settings },
            fields,
            asked: GroupEdit::default(),
        }
    }

    fn group_change(
        &self,
        ledger: &Ledger<Caller>,
        chat: crate::domain::ChatId,
        (change, by, at): (Change, UserId, crate::domain::Timestamp),
    ) -> GroupChange {
        let known = |user: UserId| ledger.told.name_of(user).cloned().unwrap_or_else(|| Name::stored(""));
        let (by, whom) = match &self.activity {
            Some(Activity { by, whom, .. }) => (by.clone(), whom.1.clone()),
            None => ((by, known(by)), known(change.whom().unwrap_or(by))),
        };
        GroupChange { chat, change, by, whom, at }
    }
}

impl Notifier<'_> {
    /// The chat is new.
    fn heard_foundation(&self, ledger: &Ledger<Caller>, by: UserId, members: &[UserId]) {
        let roster = &ledger.told;
        let chat_id = self.chat;
        let name = |user: UserId| roster.name_of(user).map_or("", Name::as_str);
        for member in members {
            let told = if roster.kind == Kind::Group {
                let name = roster.name.as_ref().map_or("", Name::as_str);
                packet(&GroupEvent::CreateGroupChatReceiver { group_id: chat_id, name })
            } else {
                let partner = members.iter().find(|other| *other != member).copied().unwrap_or(by);
                packet(&ChatEvent::CreatePersonalChatPartner { chat_id, partner: name(partner) })
            };
            self.shared.presence.tell(*member, &told);
        }
    }

    /// A message that somebody said on another node. One that is gone by now is passed over.
    fn heard_message(&self, ledger: &mut Ledger<Caller>, message: &StoredMessage, original: Option<&Quoted>) {
        if message.deleted.is_none() {
            self.came_true(&ledger.told, message, original);
        }
        let slowed = ledger.told.member(message.sender).is_ok_and(|member| ledger.told.is_slow_for(member));
        if slowed {
            ledger.told.note_sent(message.sender, Some(message.sent_at));
        }
        ledger.newest = message.seq;
    }

    fn heard_preferences(&self, ledger: &mut Ledger<Caller>, user: UserId, cause: Cause, place: &Member) {
        let preferences = place.preferences;
        // What is read is the state of now: it may have been told with an earlier change.
        if ledger.told.member(user).is_ok_and(|member| member.preferences.own >= preferences.own) {
            return;
        }
        let preferred = Preferred { chat: self.chat, user, preferences, cause, most_pinned: None };
        self.preferred(ledger, &Caller::elsewhere(user), &preferred, preferences.own);
    }

    /// A message changed, or what `by` sees on it.
    fn heard_change(
        &self,
        ledger: &mut Ledger<Caller>,
        (seq, by): (Seq, UserId),
        effect: &Effect,
        (rev, own): (Rev, Own),
        opened: Opened,
    ) {
        self.tell_drawn(ledger, &Caller::elsewhere(by), &changing(self.chat, seq, by, effect), (rev, own), opened);
    }

    /// Somebody left with the account, or remains as nobody in a chat of two.
    fn heard_departure(
        &self,
        ledger: &mut Ledger<Caller>,
        departure: &Departure,
        left: Option<Activity>,
        led: Option<(Activity, Box<GroupInfo>)>,
    ) {
        let Departure { user, left: number, led: handed, .. } = departure;
        if number.is_none() {
            ledger.told.vacate(*user);
            return;
        }
        let newest = ledger.newest;
        number.iter().for_each(|rev| ledger.told.apply(&Change::Removed(*user), newest, *rev));
        handed.iter().for_each(|(rev, user)| ledger.told.apply(&Change::AdminChanged(*user), newest, *rev));
        let Some(left) = left else { return };
        let members = ledger.told.members.iter().map(|member| member.user).collect();
        let new_admin = led.map(|(activity, info)| (activity, *info));
        let group = LeftGroup { chat: self.chat, user: *user, members, left, new_admin };
        departures::tell_departure(&self.shared.presence, &group);
    }

    /// The group is gone, and was not loaded here any more.
    fn heard_end(&self, members: &[UserId], by: UserId) {
        let group_id = self.chat;
        self.shared.presence.disband(members);
        let packet = packet(&GroupEvent::DeleteGrpSuccessReceiver { group_id });
        members.iter().for_each(|member| {
            self.shared.presence.tell(*member, &packet);
        });
        self.show_lists_to(members.to_vec(), &Caller::elsewhere(by));
    }
}

/// A change of a message as whoever hears of it knows it.
pub(super) fn changing(chat: crate::domain::ChatId, seq: Seq, by: UserId, effect: &Effect) -> Changing {
    let change = MessageChange {
        chat,
        seq,
        by,
        at: crate::domain::Timestamp::now(),
        effect: effect.clone(),
        reactions: Vec::new(),
        marks: Marks::default(),
        stars: usize::MAX,
        freed: Vec::new(),
        if_edits: None,
    };
    let deed = change.deed();
    Changing { change, deed, not_mentioned: Vec::new() }
}
