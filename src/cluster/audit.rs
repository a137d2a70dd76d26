//! Whether chats stand where the database says. A difference is a fault of this room: it is told, and mended for those whom it
//! concerns, instead of losing something quietly.
use std::{collections::HashMap, sync::Arc, time::Duration};

use actix::Addr;
use actix_rt::time::sleep;

use super::{feed::Feed, stats::Stats};
use crate::{
    chat::Abreast,
    domain::{ChatId, Step},
    registry::Registry,
    store::Store,
};

/// From one look to the next.
const EVERY: Duration = Duration::from_secs(10);

/// So many chats of each shard are looked at.
const MOST: usize = 500;

/// What is behind at first has so long to be told: what this node stored itself may be on its way to the chat.
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks again and again.
pub async fn audit(store: Store, registry: Registry, feed: Addr<Feed>, stats: Arc<Stats>) {
    loop {
        sleep(EVERY).await;
        let chats: Vec<ChatId> = registry.stands(MOST).await.into_iter().map(|(chat, _)| chat).collect();
        let Ok(mut stored) = store.steps(&chats).await else { continue };
        if feed.send(Abreast).await.is_err() {
            return;
        }
        keep_behind(&mut stored, &registry).await;
        if stored.is_empty() {
            continue;
        }
        sleep(PATIENCE).await;
        keep_behind(&mut stored, &registry).await;
        for (chat, step) in stored {
            log::error!("chat {chat} was told less than up to its step {}", step.0);
            stats.audit_failed.count();
            registry.renew(chat);
        }
    }
}

/// Keeps those that stand before their step. One that is gone, or has something to tell, is looked at next time.
async fn keep_behind(stored: &mut Vec<(ChatId, Step)>, registry: &Registry) {
    let told: HashMap<ChatId, Step> = registry.stands(MOST).await.into_iter().collect();
    stored.retain(|(chat, step)| told.get(chat).is_some_and(|told| told < step));
}
