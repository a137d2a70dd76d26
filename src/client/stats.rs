//! What is counted: requests that got no further than their socket.
use crate::{
    domain::{Code, Refusal},
    measure::Count,
    presence::Caller,
};

/// Counters of all sockets, read by anybody.
#[derive(Debug, Default)]
pub struct Stats {
    /// Requests refused before any chat heard of them, by code.
    pub refused: [Count; Code::ALL.len()],
}

impl Stats {
    pub(super) fn refuse(&self, caller: &Caller, refusal: &Refusal) {
        self.refused[refusal.code as usize].count();
        caller.refuse(refusal);
    }
}
