//! Group commit: many facts of many chats in one transaction, with a fixed number of statements for all their messages.
use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use tokio::time::timeout_at;

use super::{
    changes::{self, Owns},
    counters::{Claim, Counter, Counters},
    delivered::Arrivals,
    inserts::{plain_rows, rows_with_extras},
    members::{self, Applied},
    preferences,
    reads::Reads,
    repeats::{Key, key, repeats, stored_before},
    slow_mode::Slowed,
    users,
};
use crate::{
    domain::{
        Change, ChatId, Code, Fact, GroupChange, IdMap, MessageChange, MessageId, Own, Posted, Preferred, Returning,
        Rev, Seq, Timestamp, UserId,
    },
    settings::DEADLINES,
    store::{Fault, Store, files, sql::pieces},
};

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
    /// It is so. Nothing of it is counted.
    Done,
    /// It is changed.
    Changed {
        /// The chat's newest message at that point.
        newest: Seq,
        /// The number of the change, if members share it.
        rev: Rev,
        /// The number of the change among those that one member alone sees, if it is one.
        own: Own,
    },
    /// It is changed: somebody came in.
    Entered {
        /// The chat's newest message at that point.
        newest: Seq,
        /// The number of the change.
        rev: Rev,
        /// What was kept of an earlier membership.
        before: Returning,
    },
    /// Nothing was changed: there are as many already as there may be.
    Full,
    /// Nothing was changed: the invitation is over.
    Spent,
    /// Nothing was changed: somebody does not want it any more.
    Unwilling,
    /// The chat is not there any more.
    Gone,
    /// It is not stored: a file that it was to bring along is not there any more.
    Lacking,
    /// Nothing was changed: somebody's account ended since it was decided, so that what it rests on is not so any more.
    Overtaken,
    /// Nothing was changed: what another node did meanwhile does not allow it.
    Refused(Code),
    /// It is so already, by what another node did meanwhile.
    Already,
}

impl Outcome {
    /// Whether what was decided is so now.
    pub fn came_true(self) -> bool {
        !matches!(
            self,
            Self::Full
                | Self::Spent
                | Self::Unwilling
                | Self::Lacking
                | Self::Gone
                | Self::Overtaken
                | Self::Refused(_)
                | Self::Already
        )
    }
}

/// One try to commit.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    /// When the time for it is over.
    pub until: Instant,
    /// How many facts there were in an earlier attempt, which may have come true although its answer was lost. 0: there
    /// was none.
    pub earlier: usize,
}

impl Store {
    /// Makes all facts true in one transaction, or none. The outcomes stand in the order of the facts. What cannot be committed
    /// in time, because of a lock, say, is given up; a commit that was begun is waited for a little longer, since it may
    /// come true.
    ///
    /// Nearly all messages are new, and the unique keys of the database say at no cost if one is not: only then, or after
    /// an attempt that may have come true, it is looked up what is there already.
    ///
    /// # Errors
    /// A fault of the database: nothing was stored, unless it is [`Fault::Unanswered`]. Then it may have been, or be yet.
    pub async fn commit(&self, facts: &[Fact], attempt: Attempt) -> Result<Vec<Outcome>, Fault> {
        match self.try_to_commit(facts, attempt).await {
            Err(Fault::Duplicate(_)) if attempt.earlier == 0 => {
                self.try_to_commit(facts, Attempt { earlier: facts.len(), ..attempt }).await
            }
            settled => settled,
        }
    }

    async fn try_to_commit(&self, facts: &[Fact], attempt: Attempt) -> Result<Vec<Outcome>, Fault> {
        let work = async {
            loop {
                let transaction = self.begin().await?;
                if let Some(batch) = Batch::begin(&transaction, facts, attempt.earlier, &self.counters).await? {
                    let (outcomes, counters) = batch.run(facts).await?;
                    return Ok::<_, Fault>((transaction, outcomes, counters));
                }
                transaction.rollback().await?;
                self.counters.forget();
            }
        };
        let late = |_| Fault::Unavailable("not ready to commit in time".into());
        let (transaction, outcomes, counters) = timeout_at(attempt.until.into(), work).await.map_err(late)??;
        let commit = async { transaction.commit().await.map_err(|error| Fault::from(error).of_commit()) };
        let committed = timeout_at((attempt.until + DEADLINES.commit).into(), commit).await;
        let unknown = |_| Err(Fault::Unanswered("there was no answer in time".into()));
        committed.unwrap_or_else(unknown).inspect_err(|_| self.counters.forget())?;
        self.fresh.note(counters.keys().copied());
        self.counters.note(counters);
        Ok(outcomes)
    }
}

/// A transaction under way.
pub(super) struct Batch<'a> {
    pub(super) transaction: &'a DatabaseTransaction,
    /// Where each chat's counters stand, up to the fact at hand.
    pub(super) counters: IdMap<ChatId, Counter>,
    /// The same for what single members alone see.
    pub(super) owns: Owns,
    /// Messages by their idempotency keys: those stored before, and those of this batch.
    pub(super) known: HashMap<Key<'a>, (MessageId, Seq, Timestamp)>,
    /// Messages of this very batch that an earlier attempt stored.
    pub(super) stored: IdMap<MessageId, Seq>,
    /// Messages that bring along what is not there.
    pub(super) lacking: HashSet<MessageId>,
    /// Of those who are to be taken in anywhere, the ones who have an account.
    pub(super) existing: HashSet<UserId>,
    pub(super) rows: Vec<(&'a Posted, Seq)>,
    pub(super) reads: Reads,
    pub(super) arrivals: Arrivals,
    pub(super) slowed: Slowed,
}

impl<'a> Batch<'a> {
    /// Claims the places of all new messages at once, and with them the chats that change: whoever else changes them waits.
    /// `None` if a counter is not where it was left.
    async fn begin(
        transaction: &'a DatabaseTransaction,
        facts: &'a [Fact],
        earlier: usize,
        counters: &Counters,
    ) -> Result<Option<Self>, Fault> {
        let existing = existing_newcomers(transaction, facts).await?;
        let mut stored = IdMap::default();
        let mut known = HashMap::new();
        if earlier > 0 {
            stored = stored_before(transaction, facts, earlier).await?;
            known = repeats(transaction, facts).await?;
        }
        let mut claims: IdMap<ChatId, Claim> = IdMap::default();
        let mut seen: HashSet<Key<'_>> = HashSet::new();
        let mut is_new = |posted: &'a Posted| {
            let is_known = stored.contains_key(&posted.id);
            !is_known && !key(posted).is_some_and(|key| known.contains_key(&key) || !seen.insert(key))
        };
        let new: Vec<bool> =
            facts.iter().map(|fact| if let Fact::Posted(posted) = fact { is_new(posted) } else { false }).collect();
        let bringing = facts.iter().zip(&new).filter_map(|(fact, is_new)| match fact {
            Fact::Posted(posted) if *is_new && posted.extras.is_some() => Some(posted),
            _ => None,
        });
        let lacking = files::lacking(transaction, bringing).await?;
        for (fact, is_new) in facts.iter().zip(new) {
            match fact {
                Fact::Posted(posted) => {
                    let claim = claims.entry(posted.chat).or_default();
                    if is_new && !lacking.contains(&posted.id) {
                        claim.places += 1;
                        claim.last = Some(posted.sent_at);
                    }
                }
                Fact::Changed(changed) => {
                    claims.entry(changed.chat).or_default().changes += i64::from(changed.change.is_shared());
                }
                Fact::Message(change) => {
                    claims.entry(change.chat).or_default().changes += i64::from(change.effect.is_shared());
                }
                Fact::Preferred(preferred) => drop(claims.entry(preferred.chat).or_default()),
                Fact::Read { .. } | Fact::Delivered { .. } | Fact::Wrote { .. } => {}
            }
        }
        let Some(counters) = counters.claim(transaction, &claims).await? else { return Ok(None) };
        let owns = Owns::claim(transaction, facts).await?;
        let rows = Vec::new();
        let reads = Reads::default();
        let arrivals = Arrivals::default();
        let slowed = Slowed::default();
        Ok(Some(Self { transaction, counters, owns, known, stored, lacking, existing, rows, reads, arrivals, slowed }))
    }

    /// What became of the facts, and where the counters of each chat stand.
    pub(super) async fn run(mut self, facts: &'a [Fact]) -> Result<(Vec<Outcome>, IdMap<ChatId, Counter>), Fault> {
        let mut outcomes = Vec::with_capacity(facts.len());
        for fact in facts {
            outcomes.push(match fact {
                Fact::Posted(posted) => self.post(posted),
                Fact::Read { chat, user, seq, shown } => {
                    self.reads.add(*chat, *user, *seq, *shown);
                    Outcome::Done
                }
                Fact::Delivered { chat, user, seq } => {
                    self.arrivals.add(*chat, *user, *seq);
                    Outcome::Done
                }
                Fact::Wrote { chat, user } => {
                    self.arrivals.wrote(*chat, *user);
                    Outcome::Done
                }
                Fact::Changed(changed) => self.change(changed).await?,
                Fact::Message(change) => self.change_message(fact, change).await?,
                Fact::Preferred(preferred) => self.prefer(fact, preferred).await?,
            });
        }
        self.flush().await?;
        Ok((outcomes, self.counters))
    }

    fn post(&mut self, posted: &'a Posted) -> Outcome {
        if let Some(seq) = self.stored.get(&posted.id) {
            return Outcome::Stored { seq: *seq };
        }
        if let Some((id, seq, sent_at)) = key(posted).and_then(|key| self.known.get(&key)) {
            return Outcome::Repeat { id: *id, seq: *seq, sent_at: *sent_at };
        }
        if self.lacking.contains(&posted.id) {
            return Outcome::Lacking;
        }
        let Some(Counter { seq: newest, .. }) = self.counters.get_mut(&posted.chat) else { return Outcome::Gone };
        *newest = newest.next();
        let seq = *newest;
        if let Some(key) = key(posted) {
            self.known.insert(key, (posted.id, seq, posted.sent_at));
        }
        if posted.is_slowed() {
            self.slowed.add(posted.chat, posted.sender, posted.sent_at);
        }
        self.rows.push((posted, seq));
        Outcome::Stored { seq }
    }

    /// A change sees everything before it, so what has gathered is written first.
    async fn change(&mut self, changed: &GroupChange) -> Result<Outcome, Fault> {
        self.flush().await?;
        let Some(Counter { seq: newest, rev }) = self.counters.get_mut(&changed.chat) else {
            return Ok(if changed.change == Change::Deleted { Outcome::Done } else { Outcome::Gone });
        };
        if changed.change.is_shared() {
            *rev = rev.next();
        }
        let counter = Counter { seq: *newest, rev: *rev };
        let Counter { seq: newest, rev } = counter;
        Ok(match members::apply(self.transaction, changed, counter, &self.existing).await? {
            Applied::Done => Outcome::Changed { newest, rev, own: Own(0) },
            Applied::Entered(before) => Outcome::Entered { newest, rev, before },
            Applied::Full => Outcome::Full,
            Applied::Spent => Outcome::Spent,
            Applied::Unwilling => Outcome::Unwilling,
            Applied::Overtaken => Outcome::Overtaken,
        })
    }

    async fn change_message(&mut self, fact: &Fact, change: &MessageChange) -> Result<Outcome, Fault> {
        let Some(counter) = self.counters.get_mut(&change.chat) else { return Ok(Outcome::Gone) };
        if change.effect.is_shared() {
            counter.rev = counter.rev.next();
        }
        let Counter { seq: newest, rev } = *counter;
        let Some(own) = self.owns.next(fact) else { return Ok(Outcome::Gone) };
        let done = changes::apply(self.transaction, change, rev, own).await?;
        Ok(if done { Outcome::Changed { newest, rev, own } } else { Outcome::Full })
    }

    async fn prefer(&mut self, fact: &Fact, preferred: &Preferred) -> Result<Outcome, Fault> {
        let Some(Counter { seq: newest, rev }) = self.counters.get(&preferred.chat).copied() else {
            return Ok(Outcome::Gone);
        };
        let Some(own) = self.owns.next(fact) else { return Ok(Outcome::Gone) };
        let done = preferences::put(self.transaction, preferred, own).await?;
        Ok(if done { Outcome::Changed { newest, rev, own } } else { Outcome::Full })
    }

    async fn flush(&mut self) -> Result<(), Fault> {
        let backend = self.transaction.get_database_backend();
        let rows = std::mem::take(&mut self.rows);
        let (plain, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(posted, _)| posted.extras.is_none());
        for piece in pieces(&plain) {
            self.transaction.execute_raw(plain_rows(backend, piece)).await?;
        }
        for piece in pieces(&others) {
            self.transaction.execute_raw(rows_with_extras(backend, piece)).await?;
        }
        files::hold(self.transaction, &others).await?;
        self.slowed.flush(self.transaction).await?;
        self.reads.flush(self.transaction).await?;
        self.arrivals.flush(self.transaction).await
    }
}

/// Those whom a change of this batch takes in or keeps out, as far as they have an account. Nearly always none: then nothing is asked.
pub(super) async fn existing_newcomers(
    transaction: &DatabaseTransaction,
    facts: &[Fact],
) -> Result<HashSet<UserId>, Fault> {
    let newcomer = |fact: &Fact| match fact {
        Fact::Changed(changed) => match &changed.change {
            Change::Added { user, .. } | Change::Joined { user, .. } | Change::Banned { user, is_member: false } => {
                Some(*user)
            }
            _ => None,
        },
        _ => None,
    };
    let newcomers: Vec<_> = facts.iter().filter_map(newcomer).collect();
    users::lock(transaction, &newcomers).await
}
