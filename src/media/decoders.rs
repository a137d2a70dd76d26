//! The threads that read pictures: as many at once as there are cores for it, a bounded number that waits, and nobody else's time.
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use tokio::{sync::Semaphore, task::spawn_blocking};

/// So many may wait for their turn.
const WAITING: usize = 64;

/// There is no turn to be had at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy;

/// Turns at reading pictures. Cheap to clone.
#[derive(Clone)]
pub struct Decoders {
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

/// One that waits.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl Decoders {
    /// So many at once; 0: as many as there are cores.
    pub fn new(at_once: usize) -> Self {
        let cores = || std::thread::available_parallelism().map_or(1, Into::into);
        let turns = if at_once == 0 { cores() } else { at_once };
        Self { turns: Arc::new(Semaphore::new(turns)), waiting: Arc::default() }
    }

    /// What `work` comes to, when its turn has come.
    ///
    /// # Errors
    /// Too many wait already, or the work broke.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let turn = match self.turns.clone().try_acquire_owned() {
            Ok(turn) => turn,
            Err(_) => {
                let before = self.waiting.fetch_add(1, Relaxed);
                let _place = Place(&self.waiting);
                if before >= WAITING {
                    return Err(Busy);
                }
                self.turns.clone().acquire_owned().await.map_err(|_| Busy)?
            }
        };
        // The turn is over with the work, although its caller may be gone before.
        let done = spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|_| Busy)
    }

    /// How many wait for their turn.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::future::poll_immediate;

    use super::*;

    #[actix_rt::test]
    async fn those_who_wait_are_bounded_and_each_has_a_turn() {
        let decoders = Decoders::new(1);
        let (go, gone) = mpsc::channel::<()>();
        let mut first = Box::pin(decoders.run(move || gone.recv().is_ok()));
        assert_eq!(poll_immediate(&mut first).await, None);
        let mut waiting: Vec<_> = (0..WAITING).map(|number| Box::pin(decoders.run(move || number))).collect();
        for one in &mut waiting {
            assert_eq!(poll_immediate(one).await, None);
        }
        assert_eq!((decoders.waiting(), decoders.run(|| 0).await), (WAITING, Err(Busy)));
        drop(waiting.pop());
        assert_eq!(decoders.waiting(), WAITING - 1, "whoever gives up makes room");
        go.send(()).unwrap();
        assert_eq!(first.await, Ok(true));
        for (number, one) in waiting.into_iter().enumerate() {
            assert_eq!(one.await, Ok(number));
        }
    }
}
