//! What decisions rest on changes in few places, each of which other nodes hear of: a statement past them would leave the others
//! deciding by what is not so any more.
use std::collections::BTreeSet;

use crate::sources::{code, files, src};

/// Rows by which it is decided who may do what.
const GUARDED: [&str; 3] = ["member::Entity::", "ban::Entity::", "block::Entity::"];
const CHANGES: [&str; 5] = ["insert(", "insert_many(", "update_many(", "delete_many(", "delete_by_id("];

/// In the transaction of a batch, which turns the guard of its chats.
const BY_BATCHES: [&str; 4] =
    ["store/chats/bans.rs", "store/chats/members.rs", "store/chats/preferences.rs", "store/relations/blocks.rs"];

/// In a transaction that is told to others by itself.
const TOLD: [&str; 3] = ["store/accounts/deletion.rs", "store/chats/creation.rs", "store/relations/blocks.rs"];

#[test]
fn what_decisions_rest_on_is_changed_where_others_hear_of_it() {
    let mut found = BTreeSet::new();
    for file in files(&src()) {
        let text: String = code(&file).split_whitespace().collect();
        let is_changed = |rows: &&str| CHANGES.iter().any(|change| is_called(&text, rows, change));
        if GUARDED.iter().any(is_changed) {
            found.insert(file.strip_prefix(src()).unwrap().to_str().unwrap().to_owned());
        }
    }
    let known: BTreeSet<String> = BY_BATCHES.into_iter().chain(TOLD).map(str::to_owned).collect();
    assert_eq!(found, known);
}

/// Whether these rows and no others of a longer name are changed so.
fn is_called(text: &str, rows: &str, change: &str) -> bool {
    let call = format!("{rows}{change}");
    text.match_indices(&call).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn those_who_tell_by_themselves_do() {
    for file in TOLD {
        assert!(code(&src().join(file)).contains("begin_told()"), "{file} changes rows past the others");
    }
}
