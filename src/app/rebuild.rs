//! The index of words made anew, for the command line. A server may run meanwhile: whoever is first in a chat takes the step.
use super::{Failure, print};
use crate::{settings::Settings, store::Store};

/// Removes the index and fills it again.
///
/// # Errors
/// If the database cannot be opened or fails; what is missing then a server fills in. Or stdout takes nothing.
pub async fn rebuild_search(settings: &Settings) -> Result<(), Failure> {
    if !settings.search.enabled {
        return Err("search.enabled is false: no index is kept".into());
    }
    let store = Store::open(&settings.database).await?;
    while store.forget_index().await? {}
    let mut after = None;
    let (mut chats, mut messages) = (0u64, 0u64);
    loop {
        let behind = store.behind(after).await?;
        for chat in behind.chats {
            loop {
                let indexed = store.index(chat).await?;
                messages += indexed.messages;
                if !indexed.has_more {
                    break;
                }
            }
            chats += 1;
        }
        match behind.next {
            Some(next) => after = Some(next),
            None => return print(format_args!("{messages} messages of {chats} chats are in the index")),
        }
    }
}
