//! A batch where there are several nodes: what became of it is told in the order of what all of them do.
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use actix::prelude::*;
use futures_util::{FutureExt, future::LocalBoxFuture};

use super::{Committed, Record, Stats, Stepped, Unstored, Verdict, retry::pauses};
use crate::{
    domain::{ChatId, Fact, IdHasher, IdMap, Step},
    store::{Fault, InLine, Line, Opened, Store},
};

/// What became of one transaction, or of facts for which there was none.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Settled {
    /// Which transaction of this node it was.
    pub number: Option<i64>,
    /// What goes to whom.
    pub told: Vec<Answer>,
}

/// What one chat is told.
pub struct Answer {
    /// The chat, or one of those whose facts another gathered.
    pub chat: ChatId,
    /// Who decided it: the very actor, which need not be the one that stands for the chat now.
    pub to: Recipient<Committed>,
    /// What became of it.
    pub committed: Committed,
}

/// A fact, who decided it, and what that one had heard.
struct Waiting {
    chat: Recipient<Committed>,
    id: ChatId,
    known: Step,
}

struct Writing<'a> {
    store: &'a Store,
    line: &'a Line,
    settled: &'a Recipient<Settled>,
    stats: &'a Stats,
    until: Instant,
}

pub(super) async fn settle(
    store: &Store,
    line: &Line,
    settled: &Recipient<Settled>,
    stats: &Stats,
    batch: Vec<Record>,
    retry_for: Duration,
) {
    if batch.is_empty() {
        return;
    }
    let begun = Instant::now();
    let until = batch.iter().map(|record| record.since).min().unwrap_or(begun) + retry_for;
    let mut facts = Vec::new();
    let mut waiting = Vec::new();
    for Record { facts: decided, chat, known, .. } in batch {
        waiting.extend(decided.iter().map(|fact| Waiting { chat: chat.clone(), id: fact.chat(), known }));
        facts.extend(decided);
    }
    stats.begin(facts.len());
    let stored = Writing { store, line, settled, stats, until }.store_each(&facts, &waiting).await;
    stats.end(facts.len() - stored, stored);
    stats.times.done(Some(begun));
}

impl Writing<'_> {
    /// Stores all facts, or as many as can be stored, and says how many those are.
    fn store_each<'a>(&'a self, facts: &'a [Fact], waiting: &'a [Waiting]) -> LocalBoxFuture<'a, usize> {
        async move {
            match self.persist(facts, waiting).await {
                Ok(done) => {
                    let stored = done.outcomes.len();
                    self.tell(done, waiting);
                    stored
                }
                Err(fault) if facts.len() == 1 || fault.is_passing() => {
                    log::error!("writer: {} records not stored: {fault}", facts.len());
                    let why = match fault {
                        Fault::Unanswered(_) => Unstored::Unknown,
                        fault if fault.is_passing() => Unstored::Late,
                        _ => Unstored::Never,
                    };
                    let told = answers(vec![Err(why); facts.len()], waiting, &IdMap::default(), Vec::new());
                    self.settled.do_send(Settled { number: None, told });
                    0
                }
                Err(_) => {
                    let middle = facts.len() / 2;
                    let first = self.store_each(&facts[..middle], &waiting[..middle]).await;
                    first + self.store_each(&facts[middle..], &waiting[middle..]).await
                }
            }
        }
        .boxed_local()
    }

    /// Tries until the database takes it, refuses it for good, does not say whether it did, or the time is over.
    async fn persist(&self, facts: &[Fact], waiting: &[Waiting]) -> Result<InLine, Fault> {
        let known: Vec<Step> = waiting.iter().map(|waiting| waiting.known).collect();
        let mut pauses = pauses();
        loop {
            if Instant::now() >= self.until {
                return Err(Fault::Unavailable("its time was over before its turn came".into()));
            }
            let begun = Instant::now();
            let done = self.store.commit_in_line(self.line, facts, &known, self.until).await;
            self.stats.commits.observe(begun.elapsed().as_secs_f64());
            let fault = match done {
                Err(fault @ (Fault::Unavailable(_) | Fault::Deadlock(_))) => fault,
                settled => return settled,
            };
            let Some(pause) = pauses.next().filter(|pause| Instant::now() + *pause < self.until) else {
                return Err(fault);
            };
            self.stats.retries.count();
            log::debug!("writer: trying again in {pause:?}: {fault}");
            tokio::time::sleep(pause).await;
        }
    }

    fn tell(&self, InLine { outcomes, steps, number, shown }: InLine, waiting: &[Waiting]) {
        let told = answers(outcomes.into_iter().map(Ok).collect(), waiting, &steps, shown);
        self.settled.do_send(Settled { number, told });
    }
}

/// Of one chat: which, what became of its facts, and the messages that they changed.
type Of = (ChatId, Vec<Verdict>, Vec<Opened>);

fn answers(
    verdicts: Vec<Verdict>,
    waiting: &[Waiting],
    steps: &IdMap<ChatId, Step>,
    shown: Vec<(usize, Opened)>,
) -> Vec<Answer> {
    let mut shown = shown.into_iter().peekable();
    let mut by_chat: HashMap<Recipient<Committed>, Of, IdHasher> = HashMap::default();
    for (at, (verdict, Waiting { chat, id, .. })) in verdicts.into_iter().zip(waiting).enumerate() {
        let (_, verdicts, of_chat) = by_chat.entry(chat.clone()).or_insert_with(|| (*id, Vec::new(), Vec::new()));
        verdicts.push(verdict);
        of_chat.extend(shown.next_if(|(of, _)| *of == at).map(|(_, opened)| opened));
    }
    let answers = by_chat.into_iter().map(|(to, (chat, verdicts, shown))| {
        let step = steps.get(&chat).copied().unwrap_or_default();
        Answer { chat, to, committed: Committed(verdicts, Some(Box::new(Stepped { step, shown }))) }
    });
    answers.collect()
}
