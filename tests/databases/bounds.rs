//! Queries cost what their own user asked for: unread messages are counted up to a cap, an export looks at one's own chats.
use greenroom::{
    domain::{Change, ChatId, Email, Fact, Name, Seq, Shown, Timestamp, UserId},
    store::Store,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::Database as Driver;

use crate::{
    scratch::Scratch,
    support::{changed, group, people, said, soon, steps_from},
};

async fn unread_in_list(store: &Store, user: UserId, chat: ChatId) -> i64 {
    let listed = store.lists(user).await.unwrap().groups;
    listed.into_iter().find(|listed| listed.chat == chat).unwrap().unread
}

#[actix::test]
async fn unread_messages_are_counted_up_to_the_cap() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let members = people(&store, &["Ann", "Bob"]).await;
    let chat = group(&store, "Band", &members).await;
    let ann = members[0];
    let bob = members[1];
    // Ann's own are not unread, wherever they stand.
    let facts: Vec<Fact> = (0..24).map(|n| said(chat, if n % 3 == 0 { ann } else { bob }, "hello", None)).collect();
    store.commit(&facts, soon()).await.unwrap();
    for read in 0..=24 {
        store.commit(&[Fact::Read { chat, user: ann, seq: Seq(read), shown: Shown::Moved }], soon()).await.unwrap();
        let unread = (read..24).filter(|n| n % 3 != 0).count() as i64;
        for cap in [1, 2, 5, 15, 16, 17, 1_000] {
            store.cap_unread(cap);
            let expected = unread.min(cap as i64);
            assert_eq!(unread_in_list(&store, ann, chat).await, expected, "{read} read, cap {cap}");
            assert_eq!(store.unread(chat, ann, Seq(read), Seq(24)).await.unwrap().messages, expected);
        }
    }
}

async fn own(store: &Store, user: UserId) -> Vec<(ChatId, Vec<String>)> {
    let mut own = Vec::new();
    for (chat, newest) in store.own_chats(user).await.unwrap() {
        let found = store.own_messages(user, chat, Seq(0), newest, 100).await.unwrap();
        if !found.is_empty() {
            own.push((chat, found.into_iter().map(|message| message.content).collect()));
        }
    }
    own
}

#[actix::test]
async fn what_somebody_said_in_a_chat_that_they_left_is_still_theirs() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let members = people(&store, &["Ann", "Bob", "Cid"]).await;
    let stays = group(&store, "Band", &members).await;
    let left = group(&store, "Choir", &members).await;
    let bob = members[1];
    let out = changed(left, Change::Removed(bob));
    let facts = [said(stays, bob, "one", None), said(left, members[2], "not his", None), said(left, bob, "two", None)];
    store.commit(&facts, soon()).await.unwrap();
    // Out, in and out again is one past membership.
    let name = greenroom::domain::Name::new("Bob").unwrap();
    let back = changed(left, Change::Added { user: bob, name });
    store.commit(&[out.clone(), back, out], soon()).await.unwrap();
    let expected = vec![(stays, vec!["one".to_owned()]), (left, vec!["two".to_owned()])];
    assert_eq!(own(&store, bob).await, expected);

    let database = Driver::connect(&scratch.url).await.unwrap();
    Migrator::down(&database, Some(steps_from("m0004_past_members"))).await.unwrap();
    Migrator::up(&database, None).await.unwrap();
    assert_eq!(own(&store, bob).await, expected, "a database of before knows it by what was said");

    store.commit(&[changed(left, Change::Deleted)], soon()).await.unwrap();
    assert_eq!(own(&store, bob).await, expected[..1]);
}

/// Each member is a row of many values, of which one statement takes only so many.
#[actix::test]
async fn a_group_is_made_of_as_many_as_an_operator_may_let_in() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let person = |n| (Name::new("Guest").unwrap(), Email::new(&format!("{n}@example.org")).unwrap());
    let many: Vec<_> = (0..5_000).map(person).collect();
    let ids = store.add_verified(&many, "a hash", Timestamp::now()).await.unwrap();
    let chat = group(&store, "Crowd", &ids).await;
    let roster = store.chat(chat).await.unwrap().unwrap().roster;
    assert!(roster.members.iter().map(|member| member.user).eq(ids));
}
