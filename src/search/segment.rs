//! A part of a chat's index: the terms of messages that follow each other, and when each was said.
use std::collections::{BTreeMap, BTreeSet};

use super::postings::{Malformed, number, places, put_number, put_term, read};

/// A block that is as long as this is not continued.
const BLOCK_BYTES: usize = 4 * 1024;

/// The index of some messages of one chat.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Segment {
    terms: BTreeMap<Vec<u8>, Vec<i64>>,
    times: BTreeMap<i64, i64>,
}

/// A row of the dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its first term.
    pub term: Vec<u8>,
    /// Its terms with their places.
    pub data: Vec<u8>,
}

impl Segment {
    /// Reads what was written.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read<'a>(base: i64, times: &[u8], blocks: impl Iterator<Item = &'a [u8]>) -> Result<Self, Malformed> {
        let mut segment = Self { terms: BTreeMap::new(), times: Self::read_times(base, times)?.into_iter().collect() };
        for data in blocks {
            let mut outcome = Ok(());
            read(data, |term, written| {
                let mut seqs = Vec::new();
                outcome = places(base, written, &mut seqs);
                segment.terms.insert(term.to_vec(), seqs);
                outcome.is_ok()
            })?;
            outcome?;
        }
        Ok(segment)
    }

    /// When the messages were said, by their places in their order.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_times(base: i64, mut times: &[u8]) -> Result<Vec<(i64, i64)>, Malformed> {
        let mut found = Vec::new();
        let (mut seq, mut at) = (base, 0i64);
        while !times.is_empty() {
            seq = seq.saturating_add_unsigned(number(&mut times)?);
            let written = number(&mut times)?;
            at = at.wrapping_add((written >> 1) as i64 ^ -((written & 1) as i64));
            found.push((seq, at));
        }
        Ok(found)
    }

    /// Adds a message, which is not in it yet.
    pub fn add(&mut self, seq: i64, at: i64, terms: &BTreeSet<Vec<u8>>) {
        self.times.insert(seq, at);
        for term in terms {
            let seqs = self.terms.entry(term.clone()).or_default();
            let place = seqs.partition_point(|known| *known < seq);
            seqs.insert(place, seq);
        }
    }

    /// Takes a message out, if it is in it.
    pub fn remove(&mut self, seq: i64) -> bool {
        if self.times.remove(&seq).is_none() {
            return false;
        }
        self.terms.retain(|_, seqs| {
            if let Ok(place) = seqs.binary_search(&seq) {
                seqs.remove(place);
            }
            !seqs.is_empty()
        });
        true
    }

    /// Whether a message is in it with these terms and no others.
    pub fn has(&self, seq: i64, terms: &BTreeSet<Vec<u8>>) -> bool {
        let known = self.terms.iter().filter(|(_, seqs)| seqs.binary_search(&seq).is_ok()).map(|(term, _)| term);
        self.times.contains_key(&seq) && known.eq(terms)
    }

    /// Adds messages that come after all that are in it.
    pub fn append(&mut self, later: Self) {
        self.times.extend(later.times);
        for (term, seqs) in later.terms {
            self.terms.entry(term).or_default().extend(seqs);
        }
    }

    /// How many messages are in it.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Its first and its last place.
    pub fn seqs(&self) -> Option<(i64, i64)> {
        Some((*self.times.first_key_value()?.0, *self.times.last_key_value()?.0))
    }

    /// The earliest and the latest time.
    pub fn span(&self) -> Option<(i64, i64)> {
        Some((*self.times.values().min()?, *self.times.values().max()?))
    }

    /// The times as they are kept.
    pub fn times(&self) -> Vec<u8> {
        let mut written = Vec::with_capacity(self.times.len() * 4);
        let (mut last, mut before) = (self.base(), 0i64);
        for (seq, at) in &self.times {
            put_number((seq - last).unsigned_abs(), &mut written);
            let step = at.wrapping_sub(before);
            put_number(((step << 1) ^ (step >> 63)) as u64, &mut written);
            (last, before) = (*seq, *at);
        }
        written
    }

    /// The dictionary as it is kept.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut before: &[u8] = &[];
        for (term, seqs) in &self.terms {
            if blocks.last().is_none_or(|block| block.data.len() >= BLOCK_BYTES) {
                blocks.push(Block { term: term.clone(), data: Vec::new() });
                before = &[];
            }
            if let Some(block) = blocks.last_mut() {
                put_term(before, term, self.base(), seqs, &mut block.data);
            }
            before = term;
        }
        blocks
    }

    fn base(&self) -> i64 {
        self.times.first_key_value().map_or(0, |(seq, _)| *seq)
    }
}
