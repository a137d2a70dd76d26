//! Before a stop: what was begun is finished, and nothing is begun any more.
use actix::prelude::*;
use tokio::sync::oneshot;

use super::{Quiesce, Session, life::Step};

impl Handler<Quiesce> for Session {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Quiesce, _: &mut Context<Session>) -> ResponseFuture<()> {
        let (waiting, at_rest) = oneshot::channel();
        self.life.step(Step::Quiesce);
        self.awaiting_rest.push(waiting);
        self.settle_rest();
        // The sender is only ever dropped.
        Box::pin(async { at_rest.await.unwrap_or_default() })
    }
}

impl Session {
    /// Lets those go on who wait for the application's work on what the client said.
    pub(super) fn settle_rest(&mut self) {
        if self.running == 0 {
            self.awaiting_rest.clear();
        }
    }
}
