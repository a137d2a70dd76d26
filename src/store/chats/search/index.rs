//! One step of the index in one chat: what changed is put right, and the next messages are taken in.
use std::collections::BTreeMap;

use entity::search_segment;

use super::{
    read::{PIECE, Position, Said},
    write::Rewrite,
};
use crate::{
    domain::ChatId,
    search::Segment,
    store::{Fault, Store},
};

/// A segment that has as many messages is not joined with others: what is written at once stays small, and so does what an edit rewrites.
const FULL: usize = 8_192;

/// So many segments are put right with one transaction.
const REPAIRED: usize = 4;

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indexed {
    /// Whether the index has not all of the chat yet.
    pub has_more: bool,
    /// How many messages were taken in or put right.
    pub messages: u64,
}

impl Store {
    /// Takes the next step in a chat: reads outside of transactions, writes with one that is small. If somebody else took it, nothing is
    /// done.
    ///
    /// # Errors
    /// A fault of the database. The index is as it was then.
    pub async fn index(&self, chat: ChatId) -> Result<Indexed, Fault> {
        let known = self.indexed(chat).await?;
        let Some(newest) = self.newest(chat).await? else {
            if known.is_some() {
                self.forget_indexed(chat).await?;
            }
            return Ok(Indexed { has_more: false, messages: 0 });
        };
        // What was not taken in yet is taken in as it is: older changes are no changes to the index.
        let from = known.unwrap_or(Position { seq: 0, rev: newest.rev });
        if known.is_some() && from.seq >= newest.seq && from.rev >= newest.rev || newest.seq == 0 {
            return Ok(Indexed { has_more: false, messages: 0 });
        }
        let changed = if newest.rev > from.rev { self.changed_after(chat, from).await? } else { Vec::new() };
        let said = if newest.seq > from.seq { self.said_after(chat, from.seq).await? } else { Vec::new() };
        let has_changed_more = changed.len() as u64 == PIECE;
        let messages = (changed.len() + said.len()) as u64;
        let mut work = Work { store: self, segments: self.segments(chat).await?, rewrite: Rewrite::of(chat, known) };
        let repaired = work.repair(&changed).await?;
        let rev = if repaired == changed.len() && !has_changed_more {
            newest.rev
        } else {
            changed[..repaired].last().map_or(from.rev, |last| last.rev)
        };
        let seq = work.take_in(&said).await?.unwrap_or(from.seq);
        let now = Position { seq, rev };
        let rewrite = work.rewrite.to(now);
        let is_done = self.rewrite(rewrite).await?;
        Ok(Indexed { has_more: !is_done || now.seq < newest.seq || now.rev < newest.rev, messages })
    }
}

/// A step under way.
struct Work<'a> {
    store: &'a Store,
    /// In their order.
    segments: Vec<search_segment::Model>,
    rewrite: Rewrite,
}

impl Work<'_> {
    /// Puts changed messages right, as many as stand in few segments. Says how many.
    async fn repair(&mut self, changed: &[Said]) -> Result<usize, Fault> {
        let mut concerned: BTreeMap<usize, Vec<&Said>> = BTreeMap::new();
        let mut repaired = 0;
        for said in changed {
            let at = self.segments.partition_point(|segment| segment.last_seq < said.seq);
            // One that is in no segment was deleted before it came in, or all around it were.
            let at = at.min(self.segments.len().saturating_sub(1));
            if concerned.len() == REPAIRED && !concerned.contains_key(&at) {
                break;
            }
            concerned.entry(at).or_default().push(said);
            repaired += 1;
        }
        // From behind, so that places stay what they are.
        for (at, changed) in concerned.into_iter().rev() {
            self.repair_one(at, &changed).await?;
        }
        Ok(repaired)
    }

    async fn repair_one(&mut self, at: usize, changed: &[&Said]) -> Result<(), Fault> {
        let Some(row) = self.segments.get(at) else { return Ok(()) };
        let mut segment = self.store.read_segment(row).await?;
        let mut is_other = false;
        for said in changed {
            let terms = said.terms();
            if said.deleted_at.is_none() && segment.has(said.seq, &terms) {
                continue;
            }
            is_other |= segment.remove(said.seq);
            if said.deleted_at.is_none() {
                segment.add(said.seq, said.sent_at, &terms);
                is_other = true;
            }
        }
        if is_other {
            let row = self.segments.remove(at);
            self.rewrite.drop_row(row.id);
            if let Some(row) = self.rewrite.add(segment) {
                self.segments.insert(at, row);
            }
        }
        Ok(())
    }

    /// Takes new messages in, together with the last segments as long as those are no larger: so there are few segments, and no message
    /// is written often. Says how far it came.
    async fn take_in(&mut self, said: &[Said]) -> Result<Option<i64>, Fault> {
        let Some(last) = said.last() else { return Ok(None) };
        let mut later = Segment::default();
        for said in said.iter().filter(|said| said.deleted_at.is_none()) {
            later.add(said.seq, said.sent_at, &said.terms());
        }
        while let Some(row) = self.segments.last() {
            let before = usize::try_from(row.messages).unwrap_or_default();
            if later.is_empty() || before > 2 * later.len() || before + later.len() > FULL {
                break;
            }
            let mut joined = match self.rewrite.take(row.id) {
                Some(segment) => segment,
                None => self.store.read_segment(row).await?,
            };
            joined.append(later);
            later = joined;
            self.rewrite.drop_row(row.id);
            self.segments.pop();
        }
        self.rewrite.add(later);
        Ok(Some(last.seq))
    }
}
