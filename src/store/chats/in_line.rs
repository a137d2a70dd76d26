//! A batch of one of several nodes: it holds the rows of its chats, judges what is not sure, and tells the others what it did, all
//! in one transaction.
use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Uuid,
};
use tokio::time::timeout_at;

use super::{
    batch::{Batch, Outcome, existing_newcomers},
    changes::Owns,
    counters::Counter,
    judging::{Judge, Judged},
    messages::Opened,
    repeats::{Key, key, repeats},
    users,
};
use crate::{
    domain::{
        self, Change, ChatId, ChatNews, Effect, Fact, GroupChange, IdMap, MessageId, News, NodeId, Own, Part, Place,
        Seq, Step, Timestamp, Turn, UserId,
    },
    settings::DEADLINES,
    store::{
        Fault, Store,
        cluster::{Held, Line, Moved, lock, set},
        files, in_time,
    },
};
use entity::member;

/// What became of a batch.
#[derive(Debug)]
pub struct InLine {
    /// In the order of the facts.
    pub outcomes: Vec<Outcome>,
    /// The step that it was in each chat that it changed something in.
    pub steps: IdMap<ChatId, Step>,
    /// Its number, if others hear of it.
    pub number: Option<i64>,
    /// Of the facts that change messages: these as they were then.
    pub shown: Vec<(usize, Opened)>,
}

impl Store {
    /// As [`commit`](Self::commit), by one of several nodes; `known` is what the chat of each fact had heard when it was decided.
    ///
    /// # Errors
    /// A fault of the database: nothing was stored, unless it is [`Fault::Unanswered`]. Then the line finds out, and whatever came
    /// true is heard as from another node.
    pub async fn commit_in_line(
        &self,
        line: &Line,
        facts: &[Fact],
        known: &[Step],
        until: Instant,
    ) -> Result<InLine, Fault> {
        match self.try_in_line(line, facts, known, until, false).await {
            Err(Fault::Duplicate(_)) => self.try_in_line(line, facts, known, until, true).await,
            settled => settled,
        }
    }

    async fn try_in_line(
        &self,
        line: &Line,
        facts: &[Fact],
        known: &[Step],
        until: Instant,
        looks: bool,
    ) -> Result<InLine, Fault> {
        let mut place = line.turn(until).await?;
        in_time(until, self.settle(line, &mut place)).await?;
        let by = (line.me, place.next);
        let work = async {
            let transaction = self.begin_in_turn().await?;
            let work = Work { on: &transaction, facts, known, looks, by };
            let done = work.run(line).await?;
            Ok::<_, Fault>((transaction, done))
        };
        let late = |_| Fault::Unavailable("not ready to commit in time".into());
        let (transaction, Done { outcomes, steps, batch, shown }) =
            timeout_at(until.into(), work).await.map_err(late)??;
        if batch.news.is_empty() {
            // Nobody else hears of it, so it has no number.
            let commit = async { transaction.commit().await.map_err(|error| Fault::from(error).of_commit()) };
            in_time(until + DEADLINES.commit, commit).await.map_err(Fault::of_commit)?;
            return Ok(InLine { outcomes, steps, number: None, shown });
        }
        let number = self.commit_numbered(line, &mut place, transaction, batch, true, until).await?;
        self.fresh.note(steps.keys().copied());
        Ok(InLine { outcomes, steps, number: Some(number), shown })
    }
}

struct Work<'a> {
    on: &'a DatabaseTransaction,
    facts: &'a [Fact],
    known: &'a [Step],
    /// Whether it is looked first which messages are stored already.
    looks: bool,
    by: (NodeId, i64),
}

struct Done {
    outcomes: Vec<Outcome>,
    steps: IdMap<ChatId, Step>,
    batch: domain::Batch,
    shown: Vec<(usize, Opened)>,
}

impl Work<'_> {
    async fn run(self, line: &Line) -> Result<Done, Fault> {
        let Self { on, facts, known, looks, by } = self;
        let existing = existing_newcomers(on, facts).await?;
        lock_counted(on, facts).await?;
        let held = lock(on, facts.iter().filter(|fact| is_counted(fact)).map(Fact::chat).collect()).await?;
        let repeats = if looks { repeats(on, facts).await? } else { HashMap::new() };
        let stored: HashSet<Key<'_>> = repeats.keys().copied().collect();
        let judge = Judge { on, rules: line.rules(), held: &held, stored: &stored };
        let now = Timestamp::now();
        let mut outcomes = Vec::with_capacity(facts.len());
        let mut standing = Vec::with_capacity(facts.len());
        let mut shown = Vec::new();
        for (at, (fact, known)) in facts.iter().zip(known).enumerate() {
            match judge.judge(fact, *known, now).await? {
                Judged::Stands(fact) => {
                    outcomes.push(None);
                    standing.push(fact);
                }
                Judged::Changes(change, opened) => {
                    outcomes.push(None);
                    shown.push((at, *opened));
                    standing.push(Fact::Message(change));
                }
                Judged::Falls(outcome) => {
                    if !looks && is_keyed(fact) {
                        // It may be stored already: then it is answered as ever.
                        return Err(Fault::Duplicate("perhaps".into()));
                    }
                    outcomes.push(Some(outcome));
                }
            }
        }
        let places = places(on, &standing).await?;
        let repeated = repeats.into_iter().map(|(key, place)| (owned(key), place)).collect::<HashMap<_, _>>();
        let (came, counters) = {
            let known = standing.iter().filter_map(|fact| {
                let Fact::Posted(posted) = fact else { return None };
                let key = key(posted)?;
                Some((key, *repeated.get(&owned(key))?))
            });
            let counters = held.iter().map(|(id, held)| (*id, Counter { seq: held.seq, rev: held.rev })).collect();
            let batch = Batch::held(on, &standing, counters, known.collect(), existing).await?;
            batch.run(&standing).await?
        };
        let mut told = Told { held: &held, places: &places, news: Vec::new(), said: IdMap::default() };
        standing.iter().zip(&came).for_each(|(fact, outcome)| told.take(fact, outcome));
        let Told { mut news, said, .. } = told;
        let (moved, steps) = moved(&mut news, &held, &counters, &standing, &came, &said);
        let remaining: Vec<(ChatId, Moved)> = moved.into_iter().filter(|(id, _)| !is_deleted(&news, *id)).collect();
        set(on, &remaining, by).await?;
        let after = steps.keys().filter_map(|chat| held.get(chat)?.by).collect();
        let mut came = came.into_iter();
        let outcomes: Vec<Outcome> =
            outcomes.into_iter().map(|fell| fell.or_else(|| came.next()).unwrap_or(Outcome::Gone)).collect();
        shown.retain_mut(|(at, opened)| number(opened, &facts[*at], outcomes[*at]));
        let news = news.into_iter().map(News::Chat).collect();
        Ok(Done { outcomes, steps, batch: domain::Batch { after, news }, shown })
    }
}

impl<'a> Batch<'a> {
    /// On rows that the transaction holds already, with `counters` where they stand.
    async fn held(
        transaction: &'a DatabaseTransaction,
        facts: &'a [Fact],
        counters: IdMap<ChatId, Counter>,
        known: HashMap<Key<'a>, (MessageId, Seq, Timestamp)>,
        existing: HashSet<UserId>,
    ) -> Result<Self, Fault> {
        let bringing = facts.iter().filter_map(|fact| match fact {
            Fact::Posted(posted)
                if posted.extras.is_some() && !key(posted).is_some_and(|key| known.contains_key(&key)) =>
            {
                Some(posted)
            }
            _ => None,
        });
        let lacking = files::lacking(transaction, bringing).await?;
        let owns = Owns::claim(transaction, facts).await?;
        let stored = IdMap::default();
        let (rows, reads, arrivals, slowed) = Default::default();
        Ok(Self { transaction, counters, owns, known, stored, lacking, existing, rows, reads, arrivals, slowed })
    }
}

/// What is counted for each person, over all chats, is counted by one at a time.
async fn lock_counted(on: &DatabaseTransaction, facts: &[Fact]) -> Result<(), Fault> {
    let counted = facts.iter().filter_map(|fact| match fact {
        Fact::Message(change) if change.effect == Effect::Starred => Some(change.by),
        Fact::Preferred(preferred) if preferred.most_pinned.is_some() => Some(preferred.user),
        Fact::Changed(changed) if matches!(changed.change, Change::Blocked { on: true, .. }) => Some(changed.by.0),
        _ => None,
    });
    let counted: Vec<UserId> = counted.collect();
    if !counted.is_empty() {
        users::lock_alone(on, &counted).await?;
    }
    Ok(())
}

/// Gives a changed message its numbers. False if it was not changed after all.
fn number(opened: &mut Opened, fact: &Fact, outcome: Outcome) -> bool {
    let (Fact::Message(change), Outcome::Changed { rev, own, .. }) = (fact, outcome) else { return false };
    if change.effect.is_shared() {
        opened.message.rev = rev;
    }
    if own > Own(0) {
        opened.marks.own = own;
    }
    true
}

fn is_counted(fact: &Fact) -> bool {
    !matches!(fact, Fact::Read { .. } | Fact::Delivered { .. } | Fact::Wrote { .. })
}

fn is_keyed(fact: &Fact) -> bool {
    matches!(fact, Fact::Posted(posted) if posted.client_id.is_some())
}

fn owned((chat, user, client_id): Key<'_>) -> (ChatId, UserId, String) {
    (chat, user, client_id.as_str().to_owned())
}

/// The places that go, as they are before.
#[derive(Default)]
struct Places {
    of: HashMap<(ChatId, UserId), Place>,
    members: IdMap<ChatId, Vec<UserId>>,
}

async fn places(on: &impl ConnectionTrait, facts: &[Fact]) -> Result<Places, Fault> {
    let mut places = Places::default();
    for fact in facts {
        let Fact::Changed(changed) = fact else { continue };
        match &changed.change {
            Change::Removed(user) | Change::Banned { user, is_member: true } => {
                if let Some(row) = member::Entity::find_by_id((changed.chat.0, user.0)).one(on).await? {
                    let (joined, cleared) = (Seq(row.joined_seq), Seq(row.cleared_seq));
                    let place = Place { joined, cleared, sees_history: row.sees_history };
                    places.of.insert((changed.chat, *user), place);
                }
            }
            Change::Deleted => {
                let ids: Vec<Uuid> = member::Entity::find()
                    .select_only()
                    .column(member::Column::UserId)
                    .filter(member::Column::ChatId.eq(changed.chat.0))
                    .order_by_asc(member::Column::Position)
                    .into_tuple()
                    .all(on)
                    .await?;
                places.members.insert(changed.chat, ids.into_iter().map(UserId).collect());
            }
            _ => {}
        }
    }
    Ok(places)
}

/// What others hear, as it gathers.
struct Told<'a> {
    held: &'a IdMap<ChatId, Held>,
    places: &'a Places,
    news: Vec<ChatNews>,
    /// When the last message was said.
    said: IdMap<ChatId, Timestamp>,
}

impl Told<'_> {
    fn take(&mut self, fact: &Fact, outcome: &Outcome) {
        let chat = fact.chat();
        let part = match (fact, outcome) {
            (Fact::Posted(posted), Outcome::Stored { seq }) => {
                self.said.insert(chat, posted.sent_at);
                if let Some(Part::Said { first, count }) = self.parts(chat).last_mut()
                    && first.0 + i64::from(*count) == seq.0
                {
                    *count += 1;
                    return;
                }
                Part::Said { first: *seq, count: 1 }
            }
            (Fact::Read { user, seq, shown, .. }, Outcome::Done) => {
                Part::Read { user: *user, seq: *seq, shown: *shown }
            }
            (Fact::Preferred(preferred), Outcome::Changed { .. }) => {
                Part::Preferred { user: preferred.user, cause: preferred.cause }
            }
            (Fact::Message(change), Outcome::Changed { rev, own, .. }) => {
                Part::Message { seq: change.seq, by: change.by, effect: change.effect.clone(), rev: *rev, own: *own }
            }
            (Fact::Changed(changed), Outcome::Changed { newest, rev, .. } | Outcome::Entered { newest, rev, .. }) => {
                self.turned(changed, *newest, *rev)
            }
            (Fact::Changed(changed), Outcome::Done) => {
                let (newest, rev) = self.held.get(&chat).map_or_else(Default::default, |held| (held.seq, held.rev));
                self.turned(changed, newest, rev)
            }
            _ => return,
        };
        self.parts(chat).push(part);
    }

    fn turned(&self, changed: &GroupChange, newest: Seq, rev: domain::Rev) -> Part {
        let chat = changed.chat;
        let place = |user| self.places.of.get(&(chat, user)).copied();
        let members = || self.places.members.get(&chat).cloned().unwrap_or_default();
        let turn = Turn::of(&changed.change, place, members);
        Part::Turned { turn, by: changed.by.0, at: changed.at, newest, rev }
    }

    fn parts(&mut self, chat: ChatId) -> &mut Vec<Part> {
        let at = self.news.iter().position(|news| news.chat == chat).unwrap_or_else(|| {
            self.news.push(ChatNews { chat, step: Step(0), parts: Vec::new() });
            self.news.len() - 1
        });
        &mut self.news[at].parts
    }
}

/// Where the chats stand that the batch changed something in, and which step that was in each.
fn moved(
    news: &mut [ChatNews],
    held: &IdMap<ChatId, Held>,
    counters: &IdMap<ChatId, Counter>,
    facts: &[Fact],
    outcomes: &[Outcome],
    said: &IdMap<ChatId, Timestamp>,
) -> (Vec<(ChatId, Moved)>, IdMap<ChatId, Step>) {
    let turned: HashSet<ChatId> = facts
        .iter()
        .zip(outcomes)
        .filter(|(fact, outcome)| fact.turns() && outcome.came_true())
        .map(|(fact, _)| fact.chat())
        .collect();
    let mut moved = Vec::new();
    let mut steps = IdMap::default();
    for news in news {
        let is_counted = news.parts.iter().any(|part| !matches!(part, Part::Read { .. }));
        let Some(was) = held.get(&news.chat).filter(|_| is_counted) else { continue };
        let step = was.step.next();
        news.step = step;
        steps.insert(news.chat, step);
        let Counter { seq, rev } = counters.get(&news.chat).copied().unwrap_or(Counter { seq: was.seq, rev: was.rev });
        let guard = if turned.contains(&news.chat) { step } else { was.guard };
        moved.push((news.chat, Moved { seq, rev, step, guard, said_at: said.get(&news.chat).copied() }));
    }
    moved.sort_unstable_by_key(|(id, _)| *id);
    (moved, steps)
}

fn is_deleted(news: &[ChatNews], chat: ChatId) -> bool {
    let is_end = |part: &Part| matches!(part, Part::Turned { turn: Turn::Deleted(_), .. });
    news.iter().any(|news| news.chat == chat && news.parts.iter().any(is_end))
}
