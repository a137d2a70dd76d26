//! Places of messages that may be what is looked for, of all chats in one order: the newest first. Segments are opened only when their
//! turn comes.
use std::collections::BinaryHeap;

use sea_orm::prelude::Uuid;

use super::scope::{Candidate, Part};

/// The place of a message in the order of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) at: i64,
    pub(super) chat: Uuid,
    pub(super) seq: i64,
}

/// Part of what is to be looked at.
enum Source {
    /// A segment that nobody has asked yet.
    Closed { scope: usize, part: Part },
    /// Candidates of one chat, the newest last.
    Open { scope: usize, left: Vec<Candidate> },
}

/// All of it.
pub(super) struct Places {
    sources: Vec<Option<Source>>,
    /// The highest place that each source may have, and which source that is.
    next: BinaryHeap<(Key, usize)>,
    /// Only places below this.
    below: Key,
    /// None earlier than this.
    since: i64,
}

/// What comes next.
pub(super) enum Next {
    /// These segments must be asked first.
    Ask(Vec<(usize, Part)>),
    /// These are the next places, each with the scope that it is of.
    Look(Vec<(usize, Key)>),
    /// There is nothing more.
    Nothing,
}

impl Places {
    pub(super) fn new(below: Key, since: i64) -> Self {
        Self { sources: Vec::new(), next: BinaryHeap::new(), below, since }
    }

    pub(super) fn add_segment(&mut self, scope: usize, part: Part) {
        if part.first_at <= self.below.at && part.last_at >= self.since {
            let highest = Key { at: part.last_at, chat: part.chat_id, seq: part.last_seq }.min(self.below);
            self.next.push((highest, self.sources.len()));
            self.sources.push(Some(Source::Closed { scope, part }));
        }
    }

    pub(super) fn add(&mut self, scope: usize, chat: Uuid, mut left: Vec<Candidate>) {
        left.retain(|Candidate { at, seq }| *at >= self.since && Key { at: *at, chat, seq: *seq } < self.below);
        left.sort_unstable();
        if let Some(Candidate { at, seq }) = left.last().copied() {
            self.next.push((Key { at, chat, seq }, self.sources.len()));
            self.sources.push(Some(Source::Open { scope, left }));
        }
    }

    /// At most so many places, or, if they are not known yet, at most so many segments to ask.
    pub(super) fn next(&mut self, segments: usize, places: usize) -> Next {
        let mut ask = Vec::new();
        let mut look: Vec<(usize, Key)> = Vec::new();
        while let Some((key, at)) = self.next.peek().copied() {
            match self.sources[at].take() {
                Some(Source::Closed { scope, part }) if look.is_empty() && ask.len() < segments => {
                    self.next.pop();
                    ask.push((scope, part));
                }
                Some(Source::Open { scope, mut left }) if ask.is_empty() && look.len() < places => {
                    self.next.pop();
                    left.pop();
                    // The same place may come from several sources.
                    if look.last().is_none_or(|(_, last)| *last != key) {
                        look.push((scope, key));
                    }
                    if let Some(Candidate { at: time, seq }) = left.last().copied() {
                        self.next.push((Key { at: time, chat: key.chat, seq }, at));
                        self.sources[at] = Some(Source::Open { scope, left });
                    }
                }
                source => {
                    self.sources[at] = source;
                    break;
                }
            }
        }
        match (ask.is_empty(), look.is_empty()) {
            (false, _) => Next::Ask(ask),
            (true, false) => Next::Look(look),
            (true, true) => Next::Nothing,
        }
    }

    /// Whether there is anything left.
    pub(super) fn is_empty(&self) -> bool {
        self.next.is_empty()
    }
}
