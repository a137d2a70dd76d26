//! Queries and segments against slow references, over many scripts.
use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::vec, prelude::*, sample::select};

use super::{Query, Segment, Sought, find, fold, terms, within, words};

/// Pieces of texts in Latin, Greek, Cyrillic, Arabic, Devanagari, Han with kana, Hangul and Thai, and what stands between words.
const PIECES: [&str; 36] = [
    "a",
    "B",
    "foo",
    "é",
    "e\u{301}",
    "ß",
    "ﬁ",
    "𝐟",
    "x²",
    "_",
    "7",
    "Σ",
    "ς",
    "ό",
    "я",
    "Ё",
    "ع",
    "َ",
    "٣",
    "हि",
    "न्",
    "上",
    "海",
    "カ",
    "ﾞ",
    "ー",
    "한",
    "\u{1112}\u{1161}",
    "ก",
    "ี",
    " ",
    " ",
    "-",
    "😀",
    "\"",
    "❤\u{fe0f}",
];

fn text() -> impl Strategy<Value = String> {
    vec(select(&PIECES[..]), 0..14).prop_map(|pieces| pieces.concat())
}

/// Of a query that ends with a word and has no quotation marks: whether all its words are in a text, the last one as a beginning.
fn is_found(query: &str, text: &str) -> bool {
    let cut = |text: &str| -> Vec<(String, bool)> {
        let folded = fold(text).into_owned();
        words(&folded).iter().map(|word| (folded[word.start..word.end].to_owned(), word.is_run)).collect()
    };
    let sought = cut(query);
    let known = cut(text);
    sought.iter().enumerate().all(|(at, (letters, is_run))| {
        let is_last = at + 1 == sought.len();
        known.iter().any(|(known, run)| match (is_run, run) {
            (true, true) => known.contains(letters.as_str()),
            (false, false) if is_last => known.starts_with(letters.as_str()),
            (false, false) => known == letters,
            _ => false,
        })
    })
}

proptest! {
    #[test]
    fn a_query_finds_what_a_slow_reference_finds(query in vec(select(&PIECES[..33]), 1..5), text in text()) {
        let query = query.concat();
        let folded = fold(&query).into_owned();
        prop_assume!(words(&folded).last().is_some_and(|last| last.end == folded.len()));
        if let Ok(asked) = Query::new(&query) {
            prop_assert_eq!(asked.ranges(&text, &[]).is_some(), is_found(&query, &text), "{} in {}", query, text);
        }
    }

    #[test]
    fn every_range_holds_whole_characters_and_something_that_was_looked_for(query in text(), text in text()) {
        let Ok(asked) = Query::new(&query) else { return Ok(()) };
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut end_before = 0;
        for (start, length) in asked.ranges(&text, &[]).into_iter().flatten() {
            prop_assert!(start >= end_before && length > 0);
            end_before = start + length;
            let part = String::from_utf16(&units[start..start + length]).expect("whole characters");
            let folded = fold(&part).into_owned();
            let is_sought = |group: &Vec<super::query::Part>| group.iter().any(|sought| folded.contains(&sought.letters));
            prop_assert!(asked.groups.iter().any(is_sought), "{} in {}", part, text);
        }
    }

    #[test]
    fn what_a_query_finds_has_all_terms_that_it_asks_the_index_for(query in text(), text in text()) {
        let Ok(asked) = Query::new(&query) else { return Ok(()) };
        let mut known = BTreeSet::new();
        terms(&text, &mut known);
        let has = |sought: &Sought| match sought {
            Sought::Whole(term) => known.contains(term),
            Sought::Beginning(start) => known.iter().any(|term| term.starts_with(start)),
        };
        if asked.ranges(&text, &[]).is_some() {
            prop_assert!(asked.terms().iter().all(has), "{} in {}", query, text);
        }
    }

    #[test]
    fn a_segment_is_read_as_it_was_written(
        said in vec((1i64..60, any::<i64>(), text()), 0..40), gone in vec(1i64..60, 0..10), later in vec(text(), 0..5),
    ) {
        let mut segment = Segment::default();
        let mut model: BTreeMap<i64, (i64, BTreeSet<Vec<u8>>)> = BTreeMap::new();
        let mut add = |segment: &mut Segment, seq: i64, at: i64, text: &str| {
            let mut known = BTreeSet::new();
            terms(text, &mut known);
            segment.add(seq, at, &known);
            model.insert(seq, (at, known));
        };
        for (seq, at, text) in said {
            segment.remove(seq);
            add(&mut segment, seq, at, &text);
        }
        let mut behind = Segment::default();
        for (seq, text) in (100..).zip(later) {
            add(&mut behind, seq, seq, &text);
        }
        segment.append(behind);
        for seq in gone {
            prop_assert_eq!(segment.remove(seq), model.remove(&seq).is_some());
        }
        let base = segment.seqs().map_or(0, |(first, _)| first);
        let blocks = segment.blocks();
        let times = segment.times();
        let read = Segment::read(base, &times, blocks.iter().map(|block| &block.data[..])).unwrap();
        prop_assert_eq!(&read, &segment);
        let at: Vec<(i64, i64)> = model.iter().map(|(seq, (at, _))| (*seq, *at)).collect();
        prop_assert_eq!(Segment::read_times(base, &times).unwrap(), at);
        let all: BTreeSet<&Vec<u8>> = model.values().flat_map(|(_, terms)| terms).collect();
        for term in all {
            let expected: Vec<i64> = model.iter().filter(|(_, (_, terms))| terms.contains(term)).map(|(seq, _)| *seq).collect();
            let block = blocks.iter().rev().find(|block| block.term <= *term).expect("it is in a block");
            prop_assert_eq!(find(&block.data, term, base).unwrap(), expected.clone());
            let mut begun = Vec::new();
            within(&block.data, term, base, &mut begun).unwrap();
            prop_assert!(expected.iter().all(|seq| begun.contains(seq)));
        }
    }
}

#[test]
fn what_is_nothing_or_too_much_is_not_looked_for() {
    use super::Unsearchable::{Long, Nothing, Words};
    for (text, why) in [("", Nothing), ("!? 🎉 ❤\u{fe0f}", Nothing), ("\"\"", Nothing), ("a b c d e f g h i", Words)]
    {
        assert_eq!(Query::new(text), Err(why), "{text}");
    }
    assert_eq!(Query::new(&"a".repeat(257)), Err(Long));
    assert!(Query::new(&"ä".repeat(256)).is_ok() && Query::new("a b c d e f g h").is_ok());
}
