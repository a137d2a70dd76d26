//! What holds files, and when they go: each count is right whatever happens, and nothing that is held goes.
use std::time::Duration;

use greenroom::{
    domain::{
        Change, Effect, Extras, Fact, File, FileId, FileName, Marks, MessageChange, Posted, ProfileChange, Seq,
        Timestamp, UserId,
    },
    store::{Deletion, Disagreements, NewFile, NotEdited, Outcome, Reserved, Store},
};

use crate::{
    scratch::Scratch,
    support::{changed, group, mail, people, said, soon},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const QUOTA: u64 = 1_000;

pub fn file(size: u64) -> File {
    File {
        id: FileId::new(),
        name: FileName::new("a.png").unwrap(),
        media_type: "image/png".into(),
        size,
        dimensions: Some((3, 4)),
        duration: None,
        blurhash: None,
        has_thumbnail: false,
    }
}

async fn reserve(store: &Store, owner: UserId, file: &File) -> Reserved {
    let new = NewFile { file: file.clone(), thumbnail_type: None };
    store.reserve_file(owner, &new, QUOTA, Timestamp::now()).await.unwrap()
}

/// A file that is there.
pub async fn upload(store: &Store, owner: UserId) -> File {
    let file = file(10);
    assert_eq!(reserve(store, owner, &file).await, Reserved::Granted);
    assert!(store.file_arrived(file.id).await.unwrap());
    file
}

pub fn bringing(fact: Fact, files: &[&File]) -> Fact {
    let Fact::Posted(posted) = fact else { panic!("a message") };
    let attachments = files.iter().map(|file| (*file).clone()).collect();
    Fact::Posted(Posted { extras: Some(Box::new(Extras { attachments, ..Extras::default() })), ..posted })
}

pub fn deleted(chat: greenroom::domain::ChatId, seq: i64, by: UserId, files: &[&File]) -> Fact {
    Fact::Message(Box::new(MessageChange {
        chat,
        seq: Seq(seq),
        by,
        at: Timestamp::now(),
        effect: Effect::Deleted,
        reactions: Vec::new(),
        marks: Marks::default(),
        stars: 1,
        freed: files.iter().map(|file| file.id).collect(),
        if_edits: None,
    }))
}

pub async fn sees(store: &Store, user: UserId, file: &File) -> bool {
    store.visible_file(user, file.id).await.unwrap().is_some()
}

pub async fn agrees(store: &Store) {
    assert_eq!(store.check_holds().await.unwrap(), Disagreements::default());
}

#[actix::test]
async fn with_the_last_message_that_holds_it_a_file_is_gone() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let [ann, bob, cat] = people(&store, &["Ann", "Bob", "Cat"]).await.try_into().unwrap();
    let chat = group(&store, "Band", &[ann, bob]).await;
    let [one, two] = [upload(&store, ann).await, upload(&store, ann).await];
    assert_eq!((sees(&store, ann, &one).await, sees(&store, bob, &one).await), (true, false));
    let both = bringing(said(chat, ann, "look", None), &[&one, &two]);
    let again = bringing(said(chat, bob, "look", None), &[&one]);
    let outcomes = store.commit(&[both, again], soon()).await.unwrap();
    assert_eq!(outcomes, [Outcome::Stored { seq: Seq(1) }, Outcome::Stored { seq: Seq(2) }]);
    assert_eq!((sees(&store, bob, &one).await, sees(&store, cat, &one).await), (true, false));
    assert_eq!(store.delete_file(ann, one.id, Timestamp::now()).await.unwrap(), Deletion::Held);
    agrees(&store).await;

    store.commit(&[deleted(chat, 1, ann, &[&one, &two])], soon()).await.unwrap();
    assert_eq!((sees(&store, ann, &one).await, sees(&store, ann, &two).await), (true, false), "one is held yet");
    store.commit(&[deleted(chat, 2, bob, &[&one])], soon()).await.unwrap();
    assert!(!sees(&store, ann, &one).await && !sees(&store, bob, &one).await);
    agrees(&store).await;
    let now = Timestamp::now();
    let mut due = store.end_due_files(now, now.minus(DAY), 10).await.unwrap();
    due.sort();
    let mut both = [one.id, two.id];
    both.sort();
    assert_eq!(due, both);
    assert_eq!(store.kept_bytes(ann).await.unwrap(), 0, "what is gone does not count");
    for file in due {
        store.forget_file(file).await.unwrap();
    }
    assert_eq!(store.known_files(None, 10).await.unwrap(), []);
}

#[actix::test]
async fn a_message_that_brings_along_what_is_gone_is_not_stored_and_takes_no_place() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let [ann, bob] = people(&store, &["Ann", "Bob"]).await.try_into().unwrap();
    let chat = group(&store, "Band", &[ann, bob]).await;
    let [here, gone] = [upload(&store, ann).await, upload(&store, ann).await];
    assert_eq!(store.delete_file(bob, gone.id, Timestamp::now()).await.unwrap(), Deletion::Missing, "it is Ann's");
    assert_eq!(store.delete_file(ann, gone.id, Timestamp::now()).await.unwrap(), Deletion::Gone);
    let facts = [
        bringing(said(chat, ann, "look", Some("a key")), &[&here, &gone]),
        said(chat, bob, "hello", None),
        bringing(said(chat, ann, "look", None), &[&here]),
    ];
    let outcomes = store.commit(&facts, soon()).await.unwrap();
    assert_eq!(outcomes, [Outcome::Lacking, Outcome::Stored { seq: Seq(1) }, Outcome::Stored { seq: Seq(2) }]);
    agrees(&store).await;
}

#[actix::test]
async fn what_a_group_and_an_account_held_goes_with_them() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let [ann, bob] = people(&store, &["Ann", "Bob"]).await.try_into().unwrap();
    let chat = group(&store, "Band", &[ann, bob]).await;
    let [said_once, said_twice, picture, loose] =
        [upload(&store, ann).await, upload(&store, ann).await, upload(&store, ann).await, upload(&store, ann).await];
    let shown = ProfileChange { avatar: Some(Some(picture.id)), ..ProfileChange::default() };
    store.edit_profile(ann, shown.clone(), Timestamp::now()).await.unwrap().unwrap();
    let stolen = store.edit_profile(bob, shown, Timestamp::now()).await.unwrap();
    assert_eq!(stolen.unwrap_err(), NotEdited::NoSuchPicture);
    assert!(sees(&store, bob, &picture).await, "everybody sees it");
    let notes = bob.self_chat();
    let facts = [
        bringing(said(chat, ann, "look", None), &[&said_once, &said_twice]),
        bringing(said(notes, bob, "look", None), &[&said_twice]),
    ];
    store.commit(&facts, soon()).await.unwrap();
    store.commit(&[changed(chat, Change::Deleted)], soon()).await.unwrap();
    assert_eq!((sees(&store, ann, &said_once).await, sees(&store, bob, &said_twice).await), (false, true));
    agrees(&store).await;
    store.delete_account(ann, "a hash", &mail(), Timestamp::now()).await.unwrap().unwrap();
    assert!(!sees(&store, bob, &picture).await && !sees(&store, ann, &loose).await);
    assert!(sees(&store, bob, &said_twice).await, "what is said stays with whom it was said to");
    agrees(&store).await;
}

#[actix::test]
async fn uploads_at_once_share_one_quota_and_those_that_broke_off_go() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let [ann] = people(&store, &["Ann"]).await.try_into().unwrap();
    let files: Vec<File> = (0..5).map(|_| file(QUOTA / 2)).collect();
    let reserved = futures_util::future::join_all(files.iter().map(|file| reserve(&store, ann, file))).await;
    assert_eq!(reserved.iter().filter(|got| **got == Reserved::Granted).count(), 2);
    let granted: Vec<FileId> =
        files.iter().zip(&reserved).filter(|(_, got)| **got == Reserved::Granted).map(|(file, _)| file.id).collect();
    let later = Timestamp::now().plus(Duration::from_secs(60));
    assert!(store.file_is_coming(granted[0], later).await.unwrap());
    assert_eq!(store.end_due_files(later, later.minus(DAY), 10).await.unwrap(), [granted[1]], "nobody speaks for it");
    assert!(!store.file_arrived(granted[1]).await.unwrap(), "it was given up");
    assert!(store.file_arrived(granted[0]).await.unwrap());
    let tomorrow = Timestamp::now().plus(DAY);
    assert!(!store.end_due_files(later, later.minus(DAY), 10).await.unwrap().contains(&granted[0]));
    assert!(store.end_due_files(tomorrow, tomorrow.minus(DAY), 10).await.unwrap().contains(&granted[0]));
}
