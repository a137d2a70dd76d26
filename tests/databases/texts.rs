//! Texts are kept as they came, and are the same only if they are the same.
use greenroom::{
    domain::{Description, Name, NamePart},
    store::{Outcome, Store},
};

use crate::{
    scratch::Scratch,
    support::{group, history, people, said, soon},
};

/// Alike to a collation that ignores case, width, accents, blanks at the end, or characters without weight.
const ALIKE: [&str; 12] =
    ["key", "Key", "KEY", "kéy", "ke\u{301}y", "kéy", "key ", "key  ", " key", "ｋｅｙ", "key\u{200d}", "key\u{fe0f}"];

/// From every corner of Unicode: four bytes each, a family of several, right to left, and beyond what people type.
const STRANGE: [&str; 6] =
    ["😀", "👩‍👩‍👧‍👦 family", "שלום עולם", "𝔊𝔯𝔢𝔢𝔫", "\u{10ffff}\u{1}\u{7f}", "tab\tline\r\nend \\ ' \" % _ ` $1 ?"];

#[actix::test]
async fn client_ids_that_are_alike_are_not_the_same() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let ann = people(&store, &["Ann"]).await[0];
    let chat = group(&store, "Band", &[ann]).await;
    let send = async || {
        let batch: Vec<_> = ALIKE.iter().map(|key| said(chat, ann, key, Some(key))).collect();
        store.commit(&batch, soon()).await.unwrap()
    };
    let different: Vec<_> = ALIKE.iter().enumerate().filter(|(at, key)| !ALIKE[..*at].contains(key)).collect();
    let stored = |outcomes: &[Outcome]| outcomes.iter().filter(|it| matches!(it, Outcome::Stored { .. })).count();
    assert_eq!(stored(&send().await), different.len());
    assert_eq!(stored(&send().await), 0, "now each is known");
    // One by one too: a batch may find its repeats in another way than a single message.
    for (at, key) in ALIKE.iter().enumerate() {
        let outcome = store.commit(&[said(chat, ann, "again", Some(key))], soon()).await.unwrap().remove(0);
        let Outcome::Repeat { seq, .. } = outcome else { panic!("{key:?}: {outcome:?}") };
        assert_eq!(history(&store, chat).await[seq.0 as usize - 1].content, *key, "of message {at}");
    }
}

#[actix::test]
async fn every_character_comes_back_as_it_was() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let ann = people(&store, &["Änn 😀"]).await[0];
    for text in STRANGE {
        let name = Name::new(text).unwrap();
        let description = Description::new(text).unwrap();
        let chat = store.create_group(&name, &description, &[ann]).await.unwrap().unwrap();
        store.commit(&[said(chat, ann, text, Some(text))], soon()).await.unwrap();
        let stored = history(&store, chat).await.remove(0);
        assert_eq!((stored.content.as_str(), stored.client_id.unwrap().as_str()), (text, text));
        assert_eq!(stored.sender_name, "Änn 😀");
        let roster = store.chat(chat).await.unwrap().unwrap().roster;
        assert_eq!((roster.name, roster.description), (Some(name), Some(description)));
    }
}

#[actix::test]
async fn texts_of_the_greatest_length_fit() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let widest = |chars: usize| "😀".repeat(chars);
    let ann = people(&store, &[&widest(64), &"İ".repeat(64)]).await[0];
    let name = Name::new(&widest(64)).unwrap();
    let description = Description::new(&widest(512)).unwrap();
    let chat = store.create_group(&name, &description, &[ann]).await.unwrap().unwrap();
    let long = widest(1 << 18);
    let facts = [said(chat, ann, &long, Some(&widest(64))), said(chat, ann, &long, None)];
    store.commit(&facts, soon()).await.unwrap();
    for stored in history(&store, chat).await {
        assert!(stored.content == long, "{} of {} bytes came back", stored.content.len(), long.len());
    }
}

#[actix::test]
async fn names_are_found_whatever_their_case_and_only_by_what_they_hold() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let names = ["José", "Jose", "100%_\\!", "ΣΊΣΥΦΟΣ", "ΟΔΥΣΣΕΥΣ", "Groß", "İstanbullu", "Zoe\u{308}"];
    people(&store, &names).await;
    let found = async |part: &str| {
        let found = store.search(&NamePart::new(part).unwrap(), 10).await.unwrap();
        found.into_iter().map(|person| person.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("JOSÉ").await, ["José"]);
    assert_eq!(found("jose").await, ["Jose"]);
    for (part, name) in [
        ("σίσυφο", "ΣΊΣΥΦΟΣ"),
        ("ΟΔΥΣ", "ΟΔΥΣΣΕΥΣ"),
        ("οδυς", "ΟΔΥΣΣΕΥΣ"),
        ("δυσσευς", "ΟΔΥΣΣΕΥΣ"),
        ("δυσσευσ", "ΟΔΥΣΣΕΥΣ"),
        ("GROSS", "Groß"),
        ("GROẞ", "Groß"),
        ("istanbul", "İstanbullu"),
        ("İSTANBUL", "İstanbullu"),
        ("ıstanbul", "İstanbullu"),
        ("zoë", "Zoe\u{308}"),
    ] {
        assert_eq!(found(part).await, [name], "{part}");
    }
    for part in ["%", "_", "\\", "!", "0%_\\"] {
        assert_eq!(found(part).await, ["100%_\\!"], "{part}");
    }
}

#[actix::test]
async fn the_same_people_are_found_first_on_every_database() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    people(&store, &["x é", "x z", "x-a", "x_a", "x a", "X B", "xa", "x 1", "x ä"]).await;
    let found = store.search(&NamePart::new("x").unwrap(), 8).await.unwrap();
    let names: Vec<_> = found.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["x 1", "x a", "X B", "x z", "x ä", "x é", "x-a", "x_a"]);
}
