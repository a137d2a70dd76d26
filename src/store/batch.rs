//! Group commit: many facts of many chats in one transaction, with a fixed number of statements for all their messages.
use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter,
    QuerySelect,
    prelude::Uuid,
    sea_query::{CaseStatement, Expr, ExprTrait},
};
use tokio::time::timeout_at;

use super::{Fault, Store, changes, reads::Reads};
use crate::domain::{Change, ChatId, ClientId, Fact, MessageId, Posted, Seq, Timestamp, UserId};
use entity::{chat, message};

/// What became of one fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The message has its place.
    Stored {
        /// Its place in the chat.
        seq: Seq,
    },
    /// The same message was stored before; this one was dropped.
    Repeat {
        /// The first one's id.
        id: MessageId,
        /// The first one's place.
        seq: Seq,
        /// When the first one was taken.
        sent_at: Timestamp,
    },
    /// It is so; `newest` was the chat's newest message at that point.
    Done {
        /// Where a membership that began here begins.
        newest: Seq,
    },
    /// The chat is not there any more.
    Gone,
}

/// One try to commit.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    /// When the time for it is over.
    pub until: Instant,
    /// Whether there was one before, which may have come true although its answer was lost.
    pub again: bool,
}

type Key<'a> = (ChatId, UserId, &'a ClientId);

impl Store {
    /// Makes all facts true in one transaction, or none. The outcomes stand in the order of the facts. What cannot be committed
    /// in time, because of a lock, say, is given up; a commit that was begun is waited for, since it may come true.
    pub async fn commit(&self, facts: &[Fact], attempt: Attempt) -> Result<Vec<Outcome>, Fault> {
        let work = async {
            let transaction = self.begin().await?;
            let outcomes = Batch::begin(&transaction, facts, attempt.again).await?.run(facts).await?;
            Ok::<_, Fault>((transaction, outcomes))
        };
        let late = |_| Fault::Unavailable("not ready to commit in time".into());
        let (transaction, outcomes) = timeout_at(attempt.until.into(), work).await.map_err(late)??;
        transaction.commit().await?;
        Ok(outcomes)
    }
}

/// A transaction under way.
struct Batch<'a> {
    transaction: &'a DatabaseTransaction,
    /// The newest message of each chat, up to the fact at hand.
    newest: HashMap<ChatId, Seq>,
    /// Messages by their idempotency keys: those stored before, and those of this batch.
    known: HashMap<Key<'a>, (MessageId, Seq, Timestamp)>,
    /// Messages of this very batch that an earlier attempt stored.
    stored: HashMap<MessageId, Seq>,
    rows: Vec<message::ActiveModel>,
    reads: Reads,
}

impl<'a> Batch<'a> {
    /// Looks up repeats, then claims the places of all new messages at once.
    async fn begin(transaction: &'a DatabaseTransaction, facts: &'a [Fact], again: bool) -> Result<Self, Fault> {
        let stored = if again { stored_before(transaction, facts).await? } else { HashMap::new() };
        let known = repeats(transaction, facts).await?;
        let mut counts: HashMap<ChatId, (i64, i64)> = HashMap::new();
        let mut seen: HashSet<Key<'_>> = HashSet::new();
        for fact in facts {
            match fact {
                Fact::Posted(posted) => {
                    let repeat = stored.contains_key(&posted.id)
                        || key(posted).is_some_and(|key| known.contains_key(&key) || !seen.insert(key));
                    let (count, at) = counts.entry(posted.chat).or_default();
                    *count += i64::from(!repeat);
                    *at = if repeat { *at } else { posted.sent_at.0 };
                }
                Fact::Changed { chat, change: Change::Added { .. } } => {
                    counts.entry(*chat).or_default();
                }
                _ => {}
            }
        }
        let newest = claim(transaction, &counts).await?;
        Ok(Self { transaction, newest, known, stored, rows: Vec::new(), reads: Reads::default() })
    }

    async fn run(mut self, facts: &'a [Fact]) -> Result<Vec<Outcome>, Fault> {
        let mut outcomes = Vec::with_capacity(facts.len());
        for fact in facts {
            outcomes.push(match fact {
                Fact::Posted(posted) => self.post(posted),
                Fact::Read { chat, user, seq } => {
                    self.reads.add(*chat, *user, *seq);
                    Outcome::Done { newest: *seq }
                }
                Fact::Changed { chat, change } => self.change(*chat, change).await?,
            });
        }
        self.flush().await?;
        Ok(outcomes)
    }

    fn post(&mut self, posted: &'a Posted) -> Outcome {
        if let Some(seq) = self.stored.get(&posted.id) {
            return Outcome::Stored { seq: *seq };
        }
        if let Some((id, seq, sent_at)) = key(posted).and_then(|key| self.known.get(&key)) {
            return Outcome::Repeat { id: *id, seq: *seq, sent_at: *sent_at };
        }
        let Some(newest) = self.newest.get_mut(&posted.chat) else { return Outcome::Gone };
        *newest = newest.next();
        let seq = *newest;
        if let Some(key) = key(posted) {
            self.known.insert(key, (posted.id, seq, posted.sent_at));
        }
        self.rows.push(row(posted, seq));
        Outcome::Stored { seq }
    }

    /// A change sees everything before it, so what has gathered is written first.
    async fn change(&mut self, chat: ChatId, change: &Change) -> Result<Outcome, Fault> {
        self.flush().await?;
        let newest = self.newest.get(&chat).copied().unwrap_or_default();
        changes::apply(self.transaction, chat, change, newest).await?;
        Ok(Outcome::Done { newest })
    }

    async fn flush(&mut self) -> Result<(), Fault> {
        if !self.rows.is_empty() {
            let rows = std::mem::take(&mut self.rows);
            message::Entity::insert_many(rows).exec_without_returning(self.transaction).await?;
        }
        self.reads.flush(self.transaction).await
    }
}

fn key(posted: &Posted) -> Option<Key<'_>> {
    posted.client_id.as_ref().map(|client_id| (posted.chat, posted.sender, client_id))
}

fn row(posted: &Posted, seq: Seq) -> message::ActiveModel {
    message::ActiveModel {
        chat_id: Set(posted.chat.0),
        seq: Set(seq.0),
        id: Set(posted.id.0),
        sender_id: Set(posted.sender.0),
        content: Set(posted.content.as_str().into()),
        client_id: Set(posted.client_id.as_ref().map(|id| id.as_str().into())),
        sent_at: Set(posted.sent_at.0),
    }
}

/// The messages stored before under the keys of this batch. No statement if nobody sent a key.
async fn repeats<'a>(
    connection: &impl ConnectionTrait,
    facts: &'a [Fact],
) -> Result<HashMap<Key<'a>, (MessageId, Seq, Timestamp)>, Fault> {
    let keys: HashMap<(Uuid, Uuid, &str), Key<'a>> = facts
        .iter()
        .filter_map(|fact| if let Fact::Posted(posted) = fact { key(posted) } else { None })
        .map(|key| ((key.0.0, key.1.0, key.2.as_str()), key))
        .collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let any = keys.keys().fold(Condition::any(), |any, (chat, sender, client_id)| {
        any.add(
            message::Column::ChatId
                .eq(*chat)
                .and(message::Column::SenderId.eq(*sender))
                .and(message::Column::ClientId.eq(*client_id)),
        )
    });
    let found = message::Entity::find().filter(any).all(connection).await?;
    Ok(found
        .iter()
        .filter_map(|row| {
            let key = keys.get(&(row.chat_id, row.sender_id, row.client_id.as_deref()?))?;
            Some((*key, (MessageId(row.id), Seq(row.seq), Timestamp(row.sent_at))))
        })
        .collect())
}

/// The messages of this batch that are stored already. If they are, they are the newest of their chats: there is one writer.
async fn stored_before(connection: &impl ConnectionTrait, facts: &[Fact]) -> Result<HashMap<MessageId, Seq>, Fault> {
    let posted = facts.iter().filter_map(|fact| if let Fact::Posted(posted) = fact { Some(posted) } else { None });
    let ids: HashMap<MessageId, ChatId> = posted.map(|posted| (posted.id, posted.chat)).collect();
    let newest = counters(connection, ids.values().map(|chat| chat.0).collect::<HashSet<_>>()).await?;
    let any = newest.iter().fold(Condition::any(), |any, Counter { id, last_seq }| {
        any.add(message::Column::ChatId.eq(*id).and(message::Column::Seq.gt(last_seq - facts.len() as i64)))
    });
    if any.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = message::Entity::find().filter(any).all(connection).await?;
    Ok(rows.into_iter().map(|row| (MessageId(row.id), Seq(row.seq))).filter(|(id, _)| ids.contains_key(id)).collect())
}

#[derive(FromQueryResult)]
struct Counter {
    id: Uuid,
    last_seq: i64,
}

async fn counters(
    connection: &impl ConnectionTrait,
    chats: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Counter>, Fault> {
    Ok(chat::Entity::find()
        .select_only()
        .columns([chat::Column::Id, chat::Column::LastSeq])
        .filter(chat::Column::Id.is_in(chats))
        .into_model()
        .all(connection)
        .await?)
}

/// Moves each chat's counter by the number of its new messages, and returns where each stood before.
/// A chat that is not in the answer is not there any more.
async fn claim(
    connection: &impl ConnectionTrait,
    counts: &HashMap<ChatId, (i64, i64)>,
) -> Result<HashMap<ChatId, Seq>, Fault> {
    if counts.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = || counts.keys().map(|id| id.0);
    let id = || Expr::col(chat::Column::Id);
    let mut seq = CaseStatement::new();
    let mut at = CaseStatement::new();
    for (chat, (count, sent_at)) in counts.iter().filter(|(_, (count, _))| *count > 0) {
        seq = seq.case(id().eq(chat.0), Expr::col(chat::Column::LastSeq).add(*count));
        at = at.case(id().eq(chat.0), Expr::val(*sent_at));
    }
    if counts.values().any(|(count, _)| *count > 0) {
        chat::Entity::update_many()
            .col_expr(chat::Column::LastSeq, seq.finally(Expr::col(chat::Column::LastSeq)).into())
            .col_expr(chat::Column::LastMessageAt, at.finally(Expr::col(chat::Column::LastMessageAt)).into())
            .filter(chat::Column::Id.is_in(ids()))
            .exec(connection)
            .await?;
    }
    Ok(counters(connection, ids())
        .await?
        .into_iter()
        .map(|counter| {
            let id = ChatId(counter.id);
            (id, Seq(counter.last_seq - counts.get(&id).map_or(0, |(count, _)| *count)))
        })
        .collect())
}
