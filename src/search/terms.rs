//! What an index holds of a text: its words, and the single characters and pairs of what has no blanks between words.
use std::collections::BTreeSet;

use super::{fold::fold, words::words};

/// Longer words are told apart by the text alone.
const MAX_BYTES: usize = 64;

/// What an index is asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sought {
    /// A term.
    Whole(Vec<u8>),
    /// All terms that begin so.
    Beginning(Vec<u8>),
}

/// The terms of a text.
pub fn terms(text: &str, into: &mut BTreeSet<Vec<u8>>) {
    let folded = fold(text);
    for word in words(&folded) {
        let letters = &folded[word.start..word.end];
        if word.is_run {
            into.extend(characters(letters));
            into.extend(pairs(letters));
        } else {
            into.insert(whole(letters));
        }
    }
}

/// The term of all that somebody said.
pub fn said_by(user: &[u8; 16]) -> Vec<u8> {
    [&[1], &user[..]].concat()
}

pub(super) fn whole(word: &str) -> Vec<u8> {
    word[..word.floor_char_boundary(MAX_BYTES)].into()
}

pub(super) fn beginning(word: &str) -> Sought {
    let term = whole(word);
    if term.len() < word.len() { Sought::Whole(term) } else { Sought::Beginning(term) }
}

/// What holds a run within one of its own: its pairs, or itself if it is one character.
pub(super) fn run_terms(run: &str) -> impl Iterator<Item = Vec<u8>> {
    let is_one = run.chars().nth(1).is_none();
    characters(run).filter(move |_| is_one).chain(pairs(run))
}

fn characters(run: &str) -> impl Iterator<Item = Vec<u8>> {
    run.char_indices().map(|(start, c)| run.as_bytes()[start..start + c.len_utf8()].to_vec())
}

fn pairs(run: &str) -> impl Iterator<Item = Vec<u8>> {
    let ends = run.char_indices().skip(1).map(|(start, c)| start + c.len_utf8());
    run.char_indices().zip(ends).map(|((start, _), end)| run.as_bytes()[start..end].to_vec())
}
