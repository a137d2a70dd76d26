//! Questions that the database helps to answer: how long they may take, and what becomes of those without an answer.
use std::time::Instant;

use log::Level;
use tokio::sync::oneshot;

use super::Services;
use crate::{
    domain::Refusal,
    measure::tell,
    presence::Caller,
    store::{DEADLINES, Fault, NotCreated, in_time},
};

/// Why a question has no answer.
pub(super) enum Unanswered {
    Refused(Refusal),
    Failed(Fault),
}

impl From<Refusal> for Unanswered {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Unanswered {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

pub(super) type Answered = Result<(), Unanswered>;

/// What `question` comes to, if that is known in time.
pub(super) async fn within_deadline<T, E: From<Fault>>(question: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    in_time(Instant::now() + DEADLINES.question, question).await
}

/// What came of the creation of a chat. Whoever stops waiting here is answered by nobody else, but hears of the chat.
pub(super) async fn created<T>(
    answered: oneshot::Receiver<Result<Result<T, NotCreated>, Fault>>,
) -> Result<T, Unanswered> {
    let broken = |_| Err(Fault::Refused("the creation broke off".into()));
    answered.await.unwrap_or_else(broken)?.map_err(|why| {
        let refusal = match why {
            NotCreated::Missing => Refusal::no_such_user(),
            NotCreated::Blocked => Refusal::blocked(),
            NotCreated::Unwilling => Refusal::unwilling(),
        };
        refusal.into()
    })
}

impl Services {
    /// The database did not answer: the log says so now and then, and the caller is told whether there is a point in trying
    /// again.
    pub(super) fn fail(&self, caller: &Caller, fault: &Fault) {
        let line = format_args!("{} not answered: {fault}", caller.event);
        tell(Level::Error, "event with a fault of the server", &fault.to_string(), line);
        let refusal = if fault.is_passing() { Refusal::unavailable() } else { Refusal::impossible() };
        self.refuse(caller, &refusal);
    }

    /// Nothing comes of a request.
    pub(super) fn refuse(&self, caller: &Caller, refusal: &Refusal) {
        self.stats.refused[refusal.code as usize].count();
        self.presence.refuse(caller, refusal);
    }
}
