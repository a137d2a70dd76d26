//! What a batch of one of several nodes brings was decided on what that node had heard. What is not sure to be so still is judged anew
//! here, on books that nobody changes until the transaction ends: for good, and by the very rule that the chat asked.
use std::collections::HashSet;

use sea_orm::DatabaseTransaction;

use super::{
    batch::Outcome,
    creation::{Loaded, load},
    messages::{Opened, count_pinned, opened},
    repeats::{Key, key},
};
use crate::{
    domain::{
        Books, ChatId, Deed, Effect, Extras, Fact, GroupChange, IdMap, Mention, MessageBooks, MessageChange,
        MessageDeed, Posted, Rules, Ruling, Step, Timestamp, UserId, judge,
    },
    store::{Fault, cluster::Held},
};

/// What comes of a fact.
pub(super) enum Judged {
    /// It is made true: as it was decided, or as it is now.
    Stands(Fact),
    /// So is a change of a message, which is this then.
    Changes(Box<MessageChange>, Box<Opened>),
    /// It is not.
    Falls(Outcome),
}

/// The judge of one batch.
pub(super) struct Judge<'a> {
    pub on: &'a DatabaseTransaction,
    pub rules: Rules,
    pub held: &'a IdMap<ChatId, Held>,
    /// Keys of messages that are stored already: those are answered, whatever is wrong with them now.
    pub stored: &'a HashSet<Key<'a>>,
}

impl Judge<'_> {
    /// `known` is what the chat had heard when it decided this.
    pub(super) async fn judge(&self, fact: &Fact, known: Step, now: Timestamp) -> Result<Judged, Fault> {
        let Some(held) = self.held.get(&fact.chat()) else { return Ok(Judged::Stands(fact.clone())) };
        let is_sure = held.guard <= known;
        match fact {
            Fact::Message(change) => self.change(change, is_sure, held, now).await,
            // What somebody said elsewhere a moment ago changes nothing that is guarded.
            Fact::Posted(posted) if posted.is_slowed() => self.post(posted, held, now).await,
            _ if is_sure => Ok(Judged::Stands(fact.clone())),
            Fact::Posted(posted) => self.post(posted, held, now).await,
            Fact::Changed(changed) => self.turn(changed, held, now).await,
            Fact::Read { .. } | Fact::Delivered { .. } | Fact::Wrote { .. } | Fact::Preferred(_) => {
                Ok(Judged::Stands(fact.clone()))
            }
        }
    }

    async fn post(&self, posted: &Posted, held: &Held, now: Timestamp) -> Result<Judged, Fault> {
        if key(posted).is_some_and(|key| self.stored.contains(&key)) {
            return Ok(Judged::Stands(Fact::Posted(posted.clone())));
        }
        let Some((by, deed)) = Fact::Posted(posted.clone()).deed() else { return Ok(gone()) };
        let mentions = posted.extras.as_deref().map(|extras| &extras.mentions[..]).unwrap_or_default();
        let Some(loaded) = load(self.on, posted.chat, Some(&with_mentioned(by, mentions))).await? else {
            return Ok(gone());
        };
        let original = posted.extras.as_deref().and_then(|extras| extras.reply_to);
        let original = match original {
            Some(seq) => opened(self.on, posted.chat, seq, by).await?,
            None => None,
        };
        Ok(match self.rule(&loaded, held, original.as_ref(), 0, by, &deed, now) {
            Ok(Ruling::Said { mentions, not_mentioned }) => {
                let mut posted = posted.clone();
                if let Some(extras) = &mut posted.extras {
                    **extras = Extras { mentions, not_mentioned, ..(**extras).clone() };
                }
                if loaded.roster.member(by).is_ok_and(|member| loaded.roster.is_slow_for(member)) {
                    posted.extras.get_or_insert_default().is_slowed = true;
                }
                Judged::Stands(Fact::Posted(posted))
            }
            Ok(_) => Judged::Falls(Outcome::Already),
            Err(refusal) => Judged::Falls(Outcome::Refused(refusal.code)),
        })
    }

    async fn turn(&self, changed: &GroupChange, held: &Held, now: Timestamp) -> Result<Judged, Fault> {
        let Some(loaded) = load(self.on, changed.chat, None).await? else { return Ok(gone()) };
        Ok(match self.rule(&loaded, held, None, 0, changed.by.0, &changed.deed(), now) {
            Ok(Ruling::Group(change)) => {
                Judged::Stands(Fact::Changed(Box::new(GroupChange { change, ..changed.clone() })))
            }
            Ok(_) => Judged::Falls(Outcome::Already),
            Err(refusal) => Judged::Falls(Outcome::Refused(refusal.code)),
        })
    }

    /// A message may have changed although who may change it has not, so it is always looked at.
    async fn change(
        &self,
        change: &MessageChange,
        is_sure: bool,
        held: &Held,
        now: Timestamp,
    ) -> Result<Judged, Fault> {
        let deed = change.deed();
        let mentions = if let MessageDeed::Edit { mentions, .. } = &deed { &mentions[..] } else { &[] };
        let Some(loaded) = load(self.on, change.chat, Some(&with_mentioned(change.by, mentions))).await? else {
            return Ok(gone());
        };
        let Some(opened) = opened(self.on, change.chat, change.seq, change.by).await? else { return Ok(gone()) };
        let pinned = if deed == MessageDeed::Pin(true) { count_pinned(self.on, change.chat).await? } else { 0 };
        // What was in time when it was decided is in time.
        let now = if is_sure { change.at } else { now };
        let deed = Deed::Message(change.seq, deed);
        Ok(match self.rule(&loaded, held, Some(&opened), pinned, change.by, &deed, now) {
            Ok(Ruling::Message { effect, .. }) => {
                let (change, opened) = with(change, effect, opened);
                Judged::Changes(Box::new(change), Box::new(opened))
            }
            Ok(_) => Judged::Falls(Outcome::Already),
            Err(refusal) => Judged::Falls(Outcome::Refused(refusal.code)),
        })
    }

    #[allow(clippy::too_many_arguments, reason = "they are the books, and who wants what when")]
    fn rule(
        &self,
        loaded: &Loaded,
        held: &Held,
        message: Option<&Opened>,
        pinned: usize,
        by: UserId,
        deed: &Deed,
        now: Timestamp,
    ) -> Result<Ruling, crate::domain::Refusal> {
        let message =
            message.map(|Opened { message, reactions, marks, .. }| MessageBooks { message, reactions, marks, pinned });
        let books = Books { roster: &loaded.roster, rules: &self.rules, newest: held.seq, message };
        judge(&books, by, deed, now)
    }
}

fn gone() -> Judged {
    Judged::Falls(Outcome::Gone)
}

fn with_mentioned(by: UserId, mentions: &[Mention]) -> Vec<UserId> {
    let mentioned =
        mentions.iter().filter_map(|mention| if let Mention::User(user) = mention { Some(*user) } else { None });
    [by].into_iter().chain(mentioned).collect()
}

/// The change as it is on the message of now, and the message with it.
fn with(change: &MessageChange, effect: Effect, opened: Opened) -> (MessageChange, Opened) {
    let Opened { mut message, mut reactions, mut marks, quoted } = opened;
    let freed =
        if effect == Effect::Deleted { message.attachments.iter().map(|file| file.id).collect() } else { Vec::new() };
    message.apply(&effect, change.by, change.at, &mut reactions);
    marks.apply(&effect, change.at);
    let change =
        MessageChange { effect, reactions: message.reactions.clone(), marks: marks.clone(), freed, ..change.clone() };
    (change, Opened { message, reactions, marks, quoted })
}
