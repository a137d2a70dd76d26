//! What people say of themselves: all of a change, with the chats that are to hear of it, or nothing.
use greenroom::{
    domain::{Bio, Name, ProfileChange, Timestamp, UserId},
    store::{Fault, NotEdited, ProfileEdited, Store},
};
use sea_orm::{ConnectionTrait, Database as Driver};

use crate::{
    scratch::Scratch,
    support::{group, people},
};

async fn edit(store: &Store, user: UserId, change: ProfileChange) -> Result<Result<ProfileEdited, NotEdited>, Fault> {
    store.edit_profile(user, change, Timestamp::now()).await
}

fn named(name: &str) -> ProfileChange {
    ProfileChange { name: Some(Name::new(name).unwrap()), ..ProfileChange::default() }
}

#[actix::test]
async fn a_new_name_comes_with_the_chats_that_know_the_old_one() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let [ann, bob] = people(&store, &["Ann", "Bob"]).await.try_into().unwrap();
    group(&store, "Bob's", &[bob]).await;
    let band = group(&store, "Band", &[bob, ann]).await;
    let mut renamed_in = edit(&store, ann, named("Anna")).await.unwrap().unwrap().renamed_in;
    renamed_in.sort_unstable_by_key(|chat| chat.0);
    let mut all = [ann.self_chat(), band];
    all.sort_unstable_by_key(|chat| chat.0);
    assert_eq!(renamed_in, all);
    let plays = ProfileChange { bio: Some(Bio::new("Plays the bass").unwrap()), ..named("Anna") };
    assert_eq!(edit(&store, ann, plays).await.unwrap().unwrap().renamed_in, []);
}

#[actix::test]
async fn nobody_is_called_otherwise_if_the_chats_that_should_hear_it_cannot_be_found() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let [ann] = people(&store, &["Ann"]).await.try_into().unwrap();
    let database = Driver::connect(&scratch.url).await.unwrap();
    database.execute_unprepared("ALTER TABLE member RENAME TO away").await.unwrap();
    assert!(edit(&store, ann, named("Anna")).await.is_err());
    database.execute_unprepared("ALTER TABLE away RENAME TO member").await.unwrap();
    assert_eq!(store.person(ann).await.unwrap().unwrap().name.as_str(), "Ann");
    assert_eq!(edit(&store, ann, named("Anna")).await.unwrap().unwrap().after.name.as_str(), "Anna");
    database.close().await.unwrap();
}
