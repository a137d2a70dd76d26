//! A batch of messages on its way into SQLite, in one transaction.
use std::time::{Duration, Instant};

use greenroom::{
    domain::{ChatId, Content, Fact, MessageId, Posted, Timestamp, UserId},
    store::{Attempt, NewChat},
};

use crate::chat;

const CHATS: usize = 64;
/// Messages in a batch, spread over all chats.
const MESSAGES: usize = 256;

/// Stores so many batches.
pub async fn store(times: usize) {
    let (store, _folder) = chat::store().await;
    let pairs: Vec<(UserId, UserId)> = (0..CHATS).map(|_| (UserId::new(), UserId::new())).collect();
    let creations: Vec<NewChat> = pairs.iter().map(|(one, other)| NewChat::Personal(*one, *other)).collect();
    let chats = store.create_chats(&creations).await.expect("chats");
    let content = Content::new(&"x".repeat(64), 64).expect("content");
    for _ in 0..times {
        let facts: Vec<Fact> = (0..MESSAGES).map(|n| said(chats[n % CHATS], pairs[n % CHATS].0, &content)).collect();
        let attempt = Attempt { until: Instant::now() + Duration::from_secs(600), earlier: 0 };
        store.commit(&facts, attempt).await.expect("a commit");
    }
}

fn said(chat: ChatId, sender: UserId, content: &Content) -> Fact {
    let id = MessageId::new();
    let sent_at = Timestamp::now();
    Fact::Posted(Posted { chat, id, sender, content: content.clone(), client_id: None, sent_at, extras: None })
}
