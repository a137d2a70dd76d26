//! Whether a client answers. Its session writes down what it asked; whoever holds a port to the client may look.
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// When the client was last asked whether it is there, if it has not answered.
#[derive(Debug)]
pub struct PendingPing {
    begin: Instant,
    /// Milliseconds from the beginning, and one more; 0 if nothing is unanswered.
    asked: AtomicU64,
}

impl PendingPing {
    /// Nothing is asked yet.
    pub fn none(now: Instant) -> PendingPing {
        PendingPing { begin: now, asked: AtomicU64::new(0) }
    }

    /// The client is asked.
    pub fn sent(&self, now: Instant) {
        let since = now.duration_since(self.begin).as_millis();
        self.asked.store(u64::try_from(since).unwrap_or(u64::MAX).saturating_add(1), Ordering::Relaxed);
    }

    /// It has answered.
    pub fn answered(&self) {
        self.asked.store(0, Ordering::Relaxed);
    }

    /// When it was asked what it has not answered.
    pub fn unanswered(&self) -> Option<Instant> {
        let since = self.asked.load(Ordering::Relaxed).checked_sub(1)?;
        Some(self.begin + Duration::from_millis(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_remembered_until_it_is_answered() {
        let begin = Instant::now();
        let pending_ping = PendingPing::none(begin);
        assert_eq!(pending_ping.unanswered(), None);
        pending_ping.sent(begin);
        assert_eq!(pending_ping.unanswered(), Some(begin));
        pending_ping.sent(begin + Duration::from_secs(25));
        assert_eq!(pending_ping.unanswered(), Some(begin + Duration::from_secs(25)));
        pending_ping.answered();
        assert_eq!(pending_ping.unanswered(), None);
    }
}
