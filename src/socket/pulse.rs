//! Whether a client answers. Its session writes down what it asked; whoever holds a port to the client may look.
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// When the client was last asked whether it is there, if it has not answered.
#[derive(Debug)]
pub struct Pulse {
    begin: Instant,
    /// Milliseconds from the beginning, and one more; 0 if nothing is unanswered.
    asked: AtomicU64,
}

impl Pulse {
    /// Nothing is asked yet.
    pub fn begin(now: Instant) -> Pulse {
        Pulse { begin: now, asked: AtomicU64::new(0) }
    }

    /// The client is asked.
    pub fn ask(&self, now: Instant) {
        let since = now.duration_since(self.begin).as_millis();
        self.asked.store(u64::try_from(since).unwrap_or(u64::MAX).saturating_add(1), Ordering::Relaxed);
    }

    /// It has answered.
    pub fn answer(&self) {
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
        let pulse = Pulse::begin(begin);
        assert_eq!(pulse.unanswered(), None);
        pulse.ask(begin);
        assert_eq!(pulse.unanswered(), Some(begin));
        pulse.ask(begin + Duration::from_secs(25));
        assert_eq!(pulse.unanswered(), Some(begin + Duration::from_secs(25)));
        pulse.answer();
        assert_eq!(pulse.unanswered(), None);
    }
}
