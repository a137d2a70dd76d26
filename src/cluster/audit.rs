//! Whether chats stand where the database says. A difference is a fault of this room: it is told, and mended for those whom it
//! concerns, instead of losing something quietly.
use std::{collections::HashMap, sync::Arc, time::Duration};

use actix::Addr;
use actix_rt::time::sleep;

use super::{feed::Feed, stats::Stats};
use crate::{chat::Abreast, domain::ChatId, registry::Registry, store::Store};

/// From one look to the next.
const EVERY: Duration = Duration::from_secs(10);

/// So many chats of each shard are looked at.
const MOST: usize = 500;

/// Looks again and again.
pub async fn audit(store: Store, registry: Registry, feed: Addr<Feed>, stats: Arc<Stats>) {
    loop {
        sleep(EVERY).await;
        let chats: Vec<ChatId> = registry.stands(MOST).await.into_iter().map(|(chat, _)| chat).collect();
        let Ok(stored) = store.steps(&chats).await else { continue };
        if feed.send(Abreast).await.is_err() {
            return;
        }
        // By now each has heard what was stored then; one that is gone, or has something to tell, is looked at next time.
        let told: HashMap<ChatId, _> = registry.stands(MOST).await.into_iter().collect();
        for (chat, step) in stored {
            if let Some(told) = told.get(&chat).filter(|told| **told < step) {
                log::error!("chat {chat} was told up to step {}, and is at {}", told.0, step.0);
                stats.audit_failed.count();
                registry.renew(chat);
            }
        }
    }
}
