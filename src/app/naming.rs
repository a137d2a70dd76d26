//! Has the store write what people are found by of those who were there before that was kept: once, after an upgrade.
use std::{future::pending, time::Duration};

use actix_rt::time::sleep;
use backon::BackoffBuilder;

use super::indexing::AFTER_FAULTS;
use crate::store::Store;

/// From one piece to the next: what else is to be stored comes in between.
const PAUSE: Duration = Duration::from_millis(20);

/// Works until nobody is missing, and is then at rest until the server stops. The database may fail meanwhile.
pub(super) async fn fill_names(store: Store) {
    let mut pauses = AFTER_FAULTS.build();
    loop {
        match store.fill_names().await {
            Ok(false) => return pending().await,
            Ok(true) => {
                pauses = AFTER_FAULTS.build();
                sleep(PAUSE).await;
            }
            Err(fault) => {
                log::error!("what people are found by does not get on: {fault}");
                sleep(pauses.next().unwrap_or(PAUSE)).await;
            }
        }
    }
}
