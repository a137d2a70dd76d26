//! Mails that wait: who may hand over which, and when.
use std::time::Duration;

use greenroom::{
    domain::Timestamp,
    store::{NewMail, Store},
};

use crate::{
    scratch::Scratch,
    support::{email, mail, people},
};

#[actix::test]
async fn a_mail_is_left_to_whoever_wrote_it_and_hands_it_over() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    people(&store, &["Ann"]).await;
    let now = Timestamp::now();
    let write = async |mail: &NewMail| {
        store.allow_reset(&email(0), "a token", now.plus(Duration::from_secs(60)), mail, now).await.unwrap();
    };
    let waiting = mail();
    write(&waiting).await;
    assert_eq!(store.due_mails(now, 10).await.unwrap(), [waiting.id]);
    assert_eq!(store.lease_mail(waiting.id, now).await.unwrap().unwrap().id, waiting.id);

    let taken = NewMail { taken: true, ..mail() };
    write(&taken).await;
    assert!(store.due_mails(now, 10).await.unwrap().is_empty(), "both are in somebody's hands");
    assert_eq!(store.lease_mail(taken.id, now).await.unwrap(), None);
    assert_eq!(store.taken_mail(taken.id).await.unwrap().unwrap().sealed, "so");

    let later = now.plus(Duration::from_secs(5 * 60));
    assert!(store.due_mails(later, 10).await.unwrap().contains(&taken.id), "whoever had it did not come back");
}
