//! What somebody looks for: words that must all occur, some of them one after the other.
use super::{
    fold::fold,
    terms::{Sought, beginning, run_terms, whole},
    words::{continues, words},
};

const MAX_CHARS: usize = 256;
const MAX_WORDS: usize = 8;

/// One word of a query, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) letters: String,
    pub(super) is_run: bool,
    /// Whether it need only be the beginning of a word.
    pub(super) is_beginning: bool,
}

/// Words to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Those of one group follow each other.
    pub(super) groups: Vec<Vec<Part>>,
}

/// Why nothing can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsearchable {
    /// There are no words in it.
    #[error("Query must have a word")]
    Nothing,
    /// There are too many characters in it.
    #[error("Query must have at most {MAX_CHARS} characters")]
    Long,
    /// There are too many words in it.
    #[error("Query must have at most {MAX_WORDS} words")]
    Words,
}

impl Query {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// If there is nothing to look for in it, or too much.
    pub fn new(text: &str) -> Result<Self, Unsearchable> {
        if text.chars().nth(MAX_CHARS).is_some() {
            return Err(Unsearchable::Long);
        }
        let groups = groups(text);
        match groups.iter().map(Vec::len).sum() {
            0 => Err(Unsearchable::Nothing),
            1..=MAX_WORDS => Ok(Self { groups }),
            _ => Err(Unsearchable::Words),
        }
    }

    /// What an index is to be asked for: a message that is found has all of these terms.
    pub fn terms(&self) -> Vec<Sought> {
        let mut sought: Vec<Sought> = Vec::new();
        for part in self.groups.iter().flatten() {
            match part {
                Part { is_run: true, letters, .. } => sought.extend(run_terms(letters).map(Sought::Whole)),
                Part { is_beginning: true, letters, .. } => sought.push(beginning(letters)),
                Part { letters, .. } => sought.push(Sought::Whole(whole(letters))),
            }
        }
        sought.sort();
        sought.dedup();
        sought
    }
}

fn groups(text: &str) -> Vec<Vec<Part>> {
    let pieces: Vec<&str> = text.split('"').collect();
    // The last quotation mark of an odd number has no partner: it stands between words like any other character.
    let unquoted_from = if pieces.len().is_multiple_of(2) { pieces.len() - 2 } else { pieces.len() - 1 };
    let mut found = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let is_last = at + 1 == pieces.len();
        let parts = parts(piece, is_last);
        if at % 2 == 1 && at < unquoted_from {
            found.extend((!parts.is_empty()).then_some(parts));
        } else {
            found.extend(parts.into_iter().map(|part| vec![part]));
        }
    }
    found
}

/// The words of a piece. The last one of the last piece need only be a beginning, unless white space follows it.
fn parts(piece: &str, is_last: bool) -> Vec<Part> {
    let folded = fold(piece);
    let mut found: Vec<Part> = words(&folded)
        .into_iter()
        .map(|word| Part { letters: folded[word.start..word.end].to_owned(), is_run: word.is_run, is_beginning: false })
        .collect();
    if is_last && let Some(last) = found.last_mut() {
        last.is_beginning = !last.is_run && !is_ended(piece);
    }
    found
}

/// Whether white space follows the last word at once.
fn is_ended(piece: &str) -> bool {
    let mut after = piece.len();
    let mut rest = piece.char_indices().rev().peekable();
    while let Some((start, _)) = rest.find(|(_, c)| !continues(*c)) {
        if !words(&fold(&piece[start..after])).is_empty() {
            return piece[after..].starts_with(char::is_whitespace);
        }
        after = start;
    }
    false
}
