//! What the writer does when the database does not take a batch: try again, then split off what can never be stored.
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};
use futures_util::{FutureExt, future::LocalBoxFuture};

use super::{Stats, Unstored, Verdict};
use crate::{
    domain::Fact,
    store::{Attempt, Fault, Outcome, Store},
};

/// Each is up to twice as long as is said here: servers that lost their database together do not come back to it together.
const PAUSES: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(20))
    .with_max_delay(Duration::from_millis(500))
    .without_max_times()
    .with_jitter();

/// From one try to the next.
pub(super) fn pauses() -> impl Iterator<Item = Duration> {
    PAUSES.build()
}

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

/// Tries until the database takes the batch, refuses it for good, or the time is over. The pauses grow from try to try.
/// A batch whose time was over before its turn came is not tried: those behind it wait too.
async fn persist(
    store: &Store,
    stats: &Stats,
    facts: &[Fact],
    until: Instant,
    earlier: &mut usize,
) -> Result<Vec<Outcome>, Fault> {
    let mut pauses = pauses();
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
        let fault = match outcome {
            Err(fault) if fault.is_passing() => fault,
            settled => return settled,
        };
        let Some(pause) = pauses.next().filter(|pause| Instant::now() + *pause < until) else { return Err(fault) };
        stats.retries.count();
        log::debug!("writer: trying again in {pause:?}: {fault}");
        tokio::time::sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_less_than_a_second_and_are_no_other_servers() {
        let pauses = || PAUSES.build().take(20).collect::<Vec<_>>();
        let mine = pauses();
        assert!(mine[0] < Duration::from_millis(40), "{mine:?}");
        assert!(mine[5..].iter().all(|pause| (500..1000).contains(&pause.as_millis())), "{mine:?}");
        assert_ne!(mine, pauses());
    }
}
