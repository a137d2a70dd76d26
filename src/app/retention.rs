//! Has the store remove what has come to its end, again and again for as long as the server runs.
use std::time::Duration;

use actix_rt::time::sleep;

use crate::{
    domain::Timestamp,
    settings::Retention,
    store::{Ended, Fault, Store},
};

/// From one piece to the next: what else is to be stored comes in between.
const PAUSE: Duration = Duration::from_millis(50);

/// Looks for what has ended, now and whenever it is time again. Several servers on one database may do so at once.
pub(super) async fn retain(store: Store, retention: Retention) {
    loop {
        for kind in Ended::ALL {
            if let Err(fault) = remove(&store, kind, kept_for(&retention, kind)).await {
                log::error!("what has ended is not removed ({}): {fault}", kind.as_str());
            }
        }
        sleep(retention.every).await;
    }
}

async fn remove(store: &Store, kind: Ended, kept_for: Duration) -> Result<(), Fault> {
    while store.remove_ended(kind, Timestamp::now().minus(kept_for)).await? {
        sleep(PAUSE).await;
    }
    Ok(())
}

fn kept_for(retention: &Retention, kind: Ended) -> Duration {
    match kind {
        Ended::RefreshTokens => retention.refresh_tokens,
        Ended::TokensOfLogins | Ended::Logins => retention.logins,
        Ended::MailTokens => retention.mail_tokens,
        Ended::SignUps | Ended::Unverified => retention.sign_ups,
        Ended::Invites => retention.invites,
    }
}
