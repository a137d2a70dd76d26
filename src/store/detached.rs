//! Changes that run to their end, whoever stops waiting for them: what follows from a commit is done, or the process is gone.
use tokio::{
    runtime::Handle,
    sync::{oneshot, watch},
};

use super::{Fault, Store};

/// The changes under way. They run on the thread that opened the database: those of the workers may end before them.
pub(super) struct Detached {
    runtime: Handle,
    running: watch::Sender<usize>,
}

/// One of them. Gone when it is done, or when it panicked.
struct Running(watch::Sender<usize>);

impl Detached {
    pub(super) fn new() -> Self {
        Self { runtime: Handle::current(), running: watch::Sender::new(0) }
    }
}

impl Running {
    fn new(running: &watch::Sender<usize>) -> Self {
        running.send_modify(|count| *count += 1);
        Self(running.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

impl Store {
    /// Begins `work`, which changes something and tells of it. Nobody can cancel it, and an orderly stop waits for it.
    pub fn detach(&self, work: impl Future<Output = ()> + Send + 'static) {
        let running = Running::new(&self.detached.running);
        self.detached.runtime.spawn(async move {
            work.await;
            drop(running);
        });
    }

    /// The same for whoever wants to know what came of it. Not to wait any longer cancels nothing.
    ///
    /// # Errors
    /// What the work failed with, or [`Fault::Refused`] if it panicked.
    pub async fn run_to_end<T, E>(&self, work: impl Future<Output = Result<T, E>> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.detach(async move {
            // Whoever asked may be gone.
            let _ = answer.send(work.await);
        });
        answered.await.unwrap_or_else(|_| Err(Fault::Refused("a change broke off".into()).into()))
    }

    /// Waits until no such work is under way.
    pub async fn detached_done(&self) {
        // The sender is here, so there is an answer.
        let _ = self.detached.running.subscribe().wait_for(|count| *count == 0).await;
    }
}
