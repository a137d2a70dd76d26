//! Those who are on other nodes, and hints that others pass on. All of it may be lost.
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;

use super::Presence;
use crate::domain::{ChatId, Privacy, Seq, Timestamp, UserId};

/// A hint for other nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whisper {
    /// Somebody types in a chat, or does so no more.
    Typing(ChatId, UserId, bool),
    /// Messages up to here arrived at somebody.
    Delivered(ChatId, UserId, Seq),
}

impl Presence {
    /// From now on hints go to other nodes too.
    pub fn whisper_to(&self, whispers: UnboundedSender<Whisper>) {
        // It is said once.
        let _ = self.0.whispers.set(whispers);
    }

    /// Tells other nodes, if there are any.
    pub fn whisper(&self, whisper: Whisper) {
        if let Some(whispers) = self.0.whispers.get() {
            // Whoever passes it on is gone only with the process.
            let _ = whispers.send(whisper);
        }
    }

    /// Somebody is on another node.
    pub fn came_far(&self, user: UserId, privacy: Privacy) {
        self.watches().came_far(user, privacy);
    }

    /// Somebody is not on another node any more.
    pub fn went_far(&self, user: UserId) {
        self.watches().went_far(user, Instant::now(), Timestamp::now());
    }

    /// Those who have a socket here, and what they let others know.
    pub fn here(&self) -> Vec<(UserId, Privacy)> {
        self.watches().here()
    }
}
