//! How long each part of the way of a message may wait for the database. What is promised is their sum.
use std::time::Duration;

/// So soon every message is acknowledged or refused, whatever the database does. It counts from the message's turn on its
/// socket: whoever asks questions first waits for those as well, so that nobody else's time depends on them.
pub(super) const PROMISED: Duration = Duration::from_secs(10);

/// The waits for the database on the way of a message, and between them. Each holds the wait for a connection to the
/// database, too. How long the writer tries a batch again is a setting, `actors.writer.retry_for`.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// A socket waits for a question of its client, and what the client says next waits with it: no part of what is promised.
    pub question: Duration,
    /// A chat waits for a query, and all who have told it something wait with it: a message may do so before it is decided
    /// and again, after the writer, before its outcome is told.
    pub query: Duration,
    /// Before the outcome of a message is told: to tell of others that came true unheard.
    pub unheard: Duration,
    /// A commit is waited for longer than the rest of its transaction, since it may come true.
    pub commit: Duration,
    /// No wait, but the pause after one that was in vain: until it is over a chat asks the database nothing more.
    pub pause: Duration,
}

/// What this server goes by.
pub const DEADLINES: Deadlines = Deadlines {
    question: Duration::from_secs(3),
    query: Duration::from_secs(2),
    unheard: Duration::from_millis(500),
    commit: Duration::from_millis(500),
    pause: Duration::from_secs(1),
};

impl Deadlines {
    /// The longest that a batch may be tried again, so that what is promised holds.
    pub(super) fn longest_retry(&self) -> Duration {
        PROMISED.saturating_sub(self.query * 2 + self.unheard + self.commit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_takes_all_the_time_there_is() {
        let default = crate::settings::Settings::defaults().actors.writer.retry_for;
        assert_eq!(DEADLINES.longest_retry(), default);
    }
}
