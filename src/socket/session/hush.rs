//! The quiet before a stop: what was begun is finished, and nothing is begun any more.
use actix::prelude::*;
use tokio::sync::oneshot;

use super::{Hush, Session};

/// Who waits until nothing is at work any more; dropped then.
pub(super) type Hushed = Vec<oneshot::Sender<()>>;

impl Handler<Hush> for Session {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Hush, _: &mut Context<Session>) -> ResponseFuture<()> {
        let (quiet, at_rest) = oneshot::channel();
        self.hushed.get_or_insert_default().push(quiet);
        self.settle_hush();
        // The sender is only ever dropped.
        Box::pin(async { at_rest.await.unwrap_or_default() })
    }
}

impl Session {
    /// Lets those go on who wait for the application's work on what the client said.
    pub(super) fn settle_hush(&mut self) {
        if let (Some(waiting), 0) = (&mut self.hushed, self.running) {
            waiting.clear();
        }
    }
}
