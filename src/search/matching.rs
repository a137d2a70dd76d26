//! Whether a text has what a query asks for, and where.
use super::{
    fold::fold,
    query::{Part, Query},
    words::{Word, continues, words},
};

/// So many ranges of a text are told.
const SHOWN: usize = 20;

/// A folded text with its words.
struct Text<'a> {
    folded: &'a str,
    words: Vec<Word>,
}

impl<'a> Text<'a> {
    fn new(folded: &'a str) -> Self {
        Self { folded, words: words(folded) }
    }

    fn letters(&self, word: Word) -> &'a str {
        &self.folded[word.start..word.end]
    }
}

/// Where the characters of a folded text come from, in UTF-16 units of the text as it was.
struct Origins {
    folded: String,
    /// Where each character begins in the folded text, and from where to where it was.
    characters: Vec<(usize, usize, usize)>,
}

impl Query {
    /// Where the words are in `content`, as starts and lengths in UTF-16 units, if it has all of them or `names` have the others.
    pub fn ranges(&self, content: &str, names: &[&str]) -> Option<Vec<(usize, usize)>> {
        self.is_found(content, names).then(|| self.places(content))
    }

    fn is_found(&self, content: &str, names: &[&str]) -> bool {
        let folded: Vec<_> = [content].iter().chain(names).map(|text| fold(text)).collect();
        let texts: Vec<Text<'_>> = folded.iter().map(|folded| Text::new(folded)).collect();
        self.groups.iter().all(|group| texts.iter().any(|text| stands(group, text).next().is_some()))
    }

    fn places(&self, content: &str) -> Vec<(usize, usize)> {
        let origins = Origins::of(content);
        let text = Text::new(&origins.folded);
        let mut found = Vec::new();
        for group in &self.groups {
            for first in stands(group, &text) {
                for (part, word) in group.iter().zip(&text.words[first..]) {
                    found.extend(
                        spans(part, text.letters(*word))
                            .map(|(start, end)| origins.range(word.start + start, word.start + end)),
                    );
                }
            }
        }
        joined(found)
    }
}

/// At which words of a text the words of a group begin to follow each other.
fn stands<'a>(group: &'a [Part], text: &'a Text<'_>) -> impl Iterator<Item = usize> + 'a {
    let fits =
        |part: &Part, word: &Word| part.is_run == word.is_run && spans(part, text.letters(*word)).next().is_some();
    let windows = text.words.windows(group.len()).enumerate();
    windows.filter(move |(_, words)| group.iter().zip(*words).all(|(part, word)| fits(part, word))).map(|(at, _)| at)
}

/// Where in a word of a text a part of a query is. In a run it may be there several times.
fn spans(part: &Part, letters: &str) -> impl Iterator<Item = (usize, usize)> {
    let length = part.letters.len();
    let is_there =
        move |rest: &str| rest.starts_with(&part.letters) && (part.is_run || part.is_beginning || rest.len() == length);
    let starts = letters.char_indices().map(|(start, _)| start).take(if part.is_run { usize::MAX } else { 1 });
    starts.filter(move |start| is_there(&letters[*start..])).map(move |start| (start, start + length))
}

impl Origins {
    fn of(text: &str) -> Self {
        let mut origins = Self { folded: String::with_capacity(text.len()), characters: Vec::new() };
        let mut rest = text;
        let mut from = 0;
        while let Some(first) = rest.chars().next() {
            let tail = &rest[first.len_utf8()..];
            let more = tail.find(|c| !continues(c)).unwrap_or(tail.len());
            let (character, others) = rest.split_at(first.len_utf8() + more);
            let to = from + character.encode_utf16().count();
            origins.characters.push((origins.folded.len(), from, to));
            origins.folded.push_str(&fold(character));
            rest = others;
            from = to;
        }
        origins
    }

    /// From where to where a part of the folded text was.
    fn range(&self, start: usize, end: usize) -> (usize, usize) {
        let at = |place: usize| self.characters.partition_point(|(begin, ..)| *begin <= place).saturating_sub(1);
        let (_, from, _) = self.characters[at(start)];
        let (_, _, to) = self.characters[at(end - 1)];
        (from, to)
    }
}

/// In their order, as starts and lengths, those that overlap as one.
fn joined(mut found: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    found.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (from, to) in found {
        match joined.last_mut() {
            Some((_, end)) if from < *end => *end = to.max(*end),
            _ => joined.push((from, to)),
        }
    }
    joined.truncate(SHOWN);
    joined.into_iter().map(|(from, to)| (from, to - from)).collect()
}
