//! Has the bytes of files removed that are gone, again and again for as long as the server runs: those that nothing holds any more, and
//! those of uploads that broke off.
use std::{fmt::Display, time::Duration};

use actix_rt::{task::spawn_blocking, time::sleep};
use log::Level;

use crate::{
    domain::Timestamp,
    http::Files,
    measure::tell,
    media::{ByteStore, BytesFault},
    store::{self, Store},
};

/// What is freed is gone within a minute.
const EVERY: Duration = Duration::from_secs(5);
/// So many are removed before anything else has its turn.
const AT_ONCE: u64 = 100;

/// Why files stay that are to go.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Bytes(#[from] BytesFault),
    #[error(transparent)]
    Store(#[from] store::Fault),
}

/// Removes what is due, now and again and again. Several servers may do so at once.
pub(super) async fn sweep(store: Store, bytes: ByteStore, files: Files) {
    loop {
        while match remove_due(&store, &bytes, files.orphan_ttl()).await {
            Ok(is_more) => is_more,
            Err(fault) => {
                stuck("files that are gone are not removed", &fault);
                false
            }
        } {}
        let left_overs = bytes.clone();
        match spawn_blocking(move || left_overs.clear_left_overs()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => stuck(LEFT, &error),
            Err(panic) => stuck(LEFT, &panic),
        }
        sleep(EVERY).await;
    }
}

const LEFT: &str = "what broken uploads left is not removed";

/// As often as it is tried, but not as often told.
fn stuck(what: &'static str, why: &dyn Display) {
    let why = why.to_string();
    tell(Level::Error, what, &why, format_args!("{what}: {why}"));
}

/// The bytes first: a file whose row is gone would be found by nobody. Says whether there may be more.
async fn remove_due(store: &Store, bytes: &ByteStore, orphan_ttl: Duration) -> Result<bool, Fault> {
    let now = Timestamp::now();
    let gone = store.end_due_files(now, now.minus(orphan_ttl), AT_ONCE).await?;
    for file in &gone {
        bytes.remove(file.0).await?;
        store.forget_file(*file).await?;
    }
    Ok(gone.len() as u64 == AT_ONCE)
}
