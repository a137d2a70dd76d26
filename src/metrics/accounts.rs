//! Logins, and mails on their way.
use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use actix_rt::time::timeout;
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder};

use super::page::{Page, counter, gauge};
use crate::auth::{Auth, Tried};

/// A database that takes longer to count is not waited for: the other numbers are needed most when it is slow.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is watched of `auth`.
pub struct Accounts {
    auth: Auth,
    /// Mails that wait; `None`: the database did not say.
    waiting: Mutex<Option<u64>>,
}

impl Accounts {
    pub(super) fn new(auth: Auth) -> Self {
        Self { auth, waiting: Mutex::default() }
    }

    /// Mails wait in the database, which must be asked before the page is written.
    pub(super) async fn count_mails(&self) {
        let counted = timeout(PATIENCE, self.auth.waiting_mails()).await;
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = counted.ok().and_then(Result::ok);
    }
}

impl Collector for Accounts {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut page = Page(encoder);
        let stats = self.auth.stats();
        let logins = Tried::ALL.map(|tried| ([("outcome", tried.as_str())], counter(stats.logins(tried))));
        page.family("logins", None, "Tries to log in with a password, by what became of them.", logins)?;
        let mails = [
            ([("outcome", "sent")], counter(stats.mails_sent.get())),
            ([("outcome", "put_off")], counter(stats.mails_put_off.get())),
            ([("outcome", "given_up")], counter(stats.mails_given_up.get())),
        ];
        page.family("mails", None, "Tries to hand a mail over, by what became of them.", mails)?;
        match *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(waiting) => page.one("mail_waiting", None, "Mails that were not handed over yet.", gauge(waiting)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Accounts")
    }
}
