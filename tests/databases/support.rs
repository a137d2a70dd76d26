//! People, chats and messages, made directly in the store.
use std::time::{Duration, Instant};

use greenroom::{
    domain::{
        Change, ChatId, ClientId, Content, Description, Email, Fact, GroupChange, MessageId, Name, Posted, Seq,
        StoredMessage, Timestamp, UserId,
    },
    store::{Attempt, NewMail, Span, Store},
};
use migration::{Migrator, MigratorTrait};
use sea_orm::prelude::Uuid;

/// Room enough for any text of these tests.
const MAX_BYTES: usize = 8 << 20;

/// Verified people with these names.
pub async fn people(store: &Store, names: &[&str]) -> Vec<UserId> {
    let people: Vec<_> = names.iter().enumerate().map(|(n, name)| (Name::new(name).unwrap(), email(n))).collect();
    store.add_verified(&people, "a hash", Timestamp::now()).await.unwrap()
}

/// The address of the person of this number.
pub fn email(number: usize) -> Email {
    Email::new(&format!("person.{number}@example.org")).unwrap()
}

pub async fn group(store: &Store, name: &str, members: &[UserId]) -> ChatId {
    store.create_group(&Name::new(name).unwrap(), &Description::new("").unwrap(), members).await.unwrap().unwrap()
}

pub fn said(chat: ChatId, sender: UserId, content: &str, client_id: Option<&str>) -> Fact {
    Fact::Posted(Posted {
        chat,
        id: MessageId::new(),
        sender,
        content: Content::new(content, MAX_BYTES).unwrap(),
        client_id: client_id.map(|id| ClientId::new(id).unwrap()),
        sent_at: Timestamp::now(),
        extras: None,
    })
}

pub fn mail() -> NewMail {
    NewMail { id: Uuid::now_v7(), if_so: "so".into(), otherwise: "not so".into(), taken: false }
}

/// A first attempt with time enough for any transaction.
pub fn soon() -> Attempt {
    Attempt { until: Instant::now() + Duration::from_secs(60), earlier: 0 }
}

/// All that was said, oldest first.
pub async fn history(store: &Store, chat: ChatId) -> Vec<StoredMessage> {
    let span = Span {
        chat,
        after: Seq(0),
        before: Seq(i64::MAX),
        oldest: false,
        limit: 10_000,
        bytes: usize::MAX,
        viewer: None,
    };
    let mut messages = store.page(span).await.unwrap().messages;
    messages.reverse();
    messages
}

/// How many migrations there are from this one on.
pub fn steps_from(name: &str) -> u32 {
    Migrator::migrations().iter().skip_while(|step| step.name() != name).count() as u32
}

/// A change of a group, done by nobody in particular.
pub fn changed(chat: ChatId, change: Change) -> Fact {
    let nobody = Name::new("Nobody").unwrap();
    let by = (UserId::new(), nobody.clone());
    Fact::Changed(Box::new(GroupChange { chat, change, by, whom: nobody, at: Timestamp::now() }))
}

/// A throw of the dice, the same for the same seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn throw(&mut self, sides: usize) -> usize {
        // Knuth's MMIX.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}
