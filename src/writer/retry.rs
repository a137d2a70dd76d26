//! What the writer does when the database does not take a batch: try again, then split off what can never be stored.
use std::time::{Duration, Instant};

use futures_util::{FutureExt, future::LocalBoxFuture};

use super::{Stats, Unstored, Verdict};
use crate::{
    domain::Fact,
    store::{Attempt, Fault, Outcome, Store},
};

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Stores all facts, or as many as can be stored: one that the database will never take refuses its own callers and nobody else.
/// `earlier` is how many came in an attempt before that may have come true: what is not stored then may be all the same.
pub(super) fn store_each<'a>(
    store: &'a Store,
    stats: &'a Stats,
    facts: &'a [Fact],
    until: Instant,
    mut earlier: usize,
) -> LocalBoxFuture<'a, Vec<Verdict>> {
    async move {
        match persist(store, stats, facts, until, &mut earlier).await {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            Err(fault) if facts.len() == 1 || fault.is_passing() => {
                log::error!("writer: {} records not stored: {fault}", facts.len());
                let why = match fault.is_passing() {
                    _ if earlier > 0 => Unstored::Unknown,
                    true => Unstored::Late,
                    false => Unstored::Never,
                };
                vec![Err(why); facts.len()]
            }
            Err(_) => {
                let (first, second) = facts.split_at(facts.len() / 2);
                let mut verdicts = store_each(store, stats, first, until, earlier).await;
                verdicts.extend(store_each(store, stats, second, until, earlier).await);
                verdicts
            }
        }
    }
    .boxed_local()
}

/// Tries until the database takes the batch, refuses it for good, or the time is over. The pause doubles from try to try.
/// A batch whose time was over before its turn came is not tried: those behind it wait too.
async fn persist(
    store: &Store,
    stats: &Stats,
    facts: &[Fact],
    until: Instant,
    earlier: &mut usize,
) -> Result<Vec<Outcome>, Fault> {
    let mut pause = FIRST_PAUSE;
    loop {
        if Instant::now() >= until {
            return Err(Fault::Unavailable("its time was over before its turn came".into()));
        }
        let begun = Instant::now();
        let outcome = store.commit(facts, Attempt { until, earlier: *earlier }).await;
        stats.commits.observe(begun.elapsed().as_secs_f64());
        if let Err(Fault::Unanswered(_)) = outcome {
            *earlier = facts.len().max(*earlier);
        }
        match outcome {
            Err(fault) if fault.is_passing() && Instant::now() + pause < until => {
                stats.retries.count();
                log::debug!("writer: trying again in {pause:?}: {fault}");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            settled => return settled,
        }
    }
}
