//! Where words begin and end in a folded text.
use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed,
    props::{GeneralCategory, GeneralCategoryGroup, Script},
};

const CATEGORIES: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::<GeneralCategory>::new();
const SCRIPTS: CodePointMapDataBorrowed<'static, Script> = CodePointMapData::<Script>::new();

/// One word of a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether it is of a script without blanks between words: then any part of it counts.
    pub is_run: bool,
}

/// What a character is to a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Letter { is_run: bool },
    Mark { is_run: bool },
}

/// The words of a folded text, in their order.
pub fn words(folded: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::with_capacity(folded.len() / 6 + 1);
    let mut open: Option<Word> = None;
    for (start, c) in folded.char_indices() {
        let end = start + c.len_utf8();
        let is_run = match (class(c), &open) {
            (Class::Mark { .. }, Some(word)) => word.is_run,
            // A mark of nothing is a word only where it would be found by itself.
            (Class::Letter { is_run }, _) | (Class::Mark { is_run: is_run @ true }, None) => is_run,
            (Class::Other, _) | (Class::Mark { .. }, None) => {
                found.extend(open.take());
                continue;
            }
        };
        match &mut open {
            Some(word) if word.is_run == is_run => word.end = end,
            _ => found.extend(open.replace(Word { start, end, is_run })),
        }
    }
    found.extend(open);
    found
}

fn class(c: char) -> Class {
    if c.is_ascii() {
        let is_letter = c.is_ascii_alphanumeric() || c == '_';
        return if is_letter { Class::Letter { is_run: false } } else { Class::Other };
    }
    let category = CATEGORIES.get(c);
    if category == GeneralCategory::DecimalNumber || GeneralCategoryGroup::Letter.contains(category) {
        Class::Letter { is_run: is_of_a_run(c) }
    } else if GeneralCategoryGroup::Mark.contains(category) {
        Class::Mark { is_run: is_of_a_run(c) }
    } else {
        Class::Other
    }
}

fn is_of_a_run(c: char) -> bool {
    const RUNS: [Script; 8] = [
        Script::Han,
        Script::Hiragana,
        Script::Katakana,
        Script::Hangul,
        Script::Thai,
        Script::Lao,
        Script::Khmer,
        Script::Myanmar,
    ];
    matches!(c, 'ー' | '々') || RUNS.contains(&SCRIPTS.get(c))
}

/// Whether a character belongs to the one before it, as people see characters: marks, the parts of a Hangul syllable, and the voice of a
/// narrow kana.
pub(super) fn continues(c: char) -> bool {
    !c.is_ascii()
        && (matches!(c, '\u{1160}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}' | '\u{ff9e}' | '\u{ff9f}')
            || GeneralCategoryGroup::Mark.contains(CATEGORIES.get(c)))
}
