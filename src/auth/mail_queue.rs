//! Mail on its way out. A letter is a row, committed with what it tells of; it is deleted once the mail server has
//! it. A mail server that is down delays letters and loses none.
use std::{pin::pin, time::Duration};

use actix_rt::time::timeout;
use backon::{BackoffBuilder, ExponentialBuilder};
use futures_util::future::{pending, select};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Auth, Fault};
use crate::{
    domain::Email,
    mail::{self, Letter},
    store::{self, DueMail, NewMail},
};

/// Mails that are being handed over at once.
const AT_ONCE: usize = 8;
/// After mails could not be read.
const PAUSE: Duration = Duration::from_secs(5);
/// After a mail was not taken. Each is up to twice as long as is said here: mails that failed together do not come back together.
const PAUSES: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_secs(5))
    .with_max_delay(Duration::from_secs(10 * 60))
    .without_max_times()
    .with_jitter();
/// The pauses grow over no more tries than these.
const GROWING: u32 = 16;
/// After this long a mail is given up: no link in it works any more.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(72 * 60 * 60);
/// How long the queue sleeps at most, so that it finds what another server left behind.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// A letter and whom it is for, as a row keeps it sealed.
#[derive(Serialize, Deserialize)]
struct QueuedLetter {
    to: String,
    /// Nothing: nobody is written to, and that takes as long.
    letter: Option<Letter>,
}

impl Auth {
    /// Hands over what waits, for as long as the server runs. A mail that hangs takes up one place of `AT_ONCE`, and the
    /// others go past it.
    pub async fn send_mail(self) {
        let mut under_way = JoinSet::new();
        loop {
            let pause = self.send_more(&mut under_way).await.unwrap_or_else(|fault| {
                log::error!("waiting mails cannot be read: {fault}");
                PAUSE
            });
            let woken = timeout(pause, self.mail_waits.notified());
            let free = async {
                if under_way.join_next().await.is_none() {
                    pending::<()>().await;
                }
            };
            // Whichever it is: there may be mail that can be sent.
            select(pin!(woken), pin!(free)).await;
        }
    }

    /// Tries every mail whose time has come, once.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn send_due_mail(&self) -> Result<(), Fault> {
        let mut under_way = JoinSet::new();
        loop {
            self.send_more(&mut under_way).await?;
            if under_way.join_next().await.is_none() {
                return Ok(());
            }
        }
    }

    /// Sets out with as many due mails as there are places. Says how long nothing else will be due.
    async fn send_more(&self, under_way: &mut JoinSet<()>) -> Result<Duration, Fault> {
        let places = AT_ONCE.saturating_sub(under_way.len());
        if places == 0 {
            return Ok(LONGEST_SLEEP);
        }
        for id in self.store.due_mails(self.now(), places as u64).await? {
            if let Some(mail) = self.store.lease_mail(id, self.now()).await? {
                let auth = self.clone();
                under_way.spawn_local(async move { auth.send_one(mail).await });
            }
        }
        let next = self.store.next_mail().await?;
        Ok(next.map_or(LONGEST_SLEEP, |due| due.since(self.now()).min(LONGEST_SLEEP)))
    }

    /// Mails that were not handed over yet.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn waiting_mails(&self) -> Result<u64, Fault> {
        Ok(self.store.waiting_mails().await?)
    }

    /// Seals one letter for each outcome of a transaction that has yet to run.
    pub(super) fn letters(&self, to: &Email, if_so: Letter, otherwise: Option<Letter>) -> Result<NewMail, Fault> {
        let seal = |letter| {
            let queued = QueuedLetter { to: to.to_string(), letter };
            self.key.seal(&serde_json::to_string(&queued).map_err(Fault::broken)?)
        };
        let taken = self.mailer.is_local();
        Ok(NewMail { id: Uuid::now_v7(), if_so: seal(Some(if_so))?, otherwise: seal(otherwise)?, taken })
    }

    /// A mail was committed. On this machine it is handed over at once; a mail server may take its time, which must
    /// neither delay the answer nor tell a stranger whether there was anything to send.
    pub(super) async fn dispatch(&self, mail: &NewMail) {
        if !mail.taken {
            return self.mail_waits.notify_one();
        }
        match self.store.taken_mail(mail.id).await {
            Ok(Some(mail)) => self.send_one(mail).await,
            Ok(None) => {}
            Err(fault) => log_unsent(&fault),
        }
    }

    /// Hands a mail over that was taken.
    async fn send_one(&self, mail: DueMail) {
        let sent = match self.hand_over(&mail).await {
            Ok(()) => {
                self.stats.mails_sent.count();
                self.store.delete_mail(mail.id).await
            }
            Err(fault) => self.retry_later(&mail, &fault).await,
        };
        sent.unwrap_or_else(|fault| log_unsent(&fault));
    }

    async fn hand_over(&self, mail: &DueMail) -> Result<(), mail::Fault> {
        let broken = |what: String| mail::Fault::Passing(what);
        let plain = self.key.unseal(&mail.sealed).map_err(|fault| broken(fault.to_string()))?;
        let QueuedLetter { to, letter } = serde_json::from_str(&plain).map_err(|_| broken("not a letter".into()))?;
        match letter {
            Some(letter) => {
                let to = Email::new(&to).map_err(|_| broken("not for a mail address".into()))?;
                self.mailer.send(&to, letter).await
            }
            None => self.mailer.pretend().await,
        }
    }

    /// Another try later, unless there is no point in it.
    async fn retry_later(&self, mail: &DueMail, fault: &mail::Fault) -> Result<(), store::Fault> {
        let over = mail.created_at.plus(GIVEN_UP_AFTER) <= self.now();
        if over || matches!(fault, mail::Fault::Refused(_)) {
            self.stats.mails_given_up.count();
            log::error!("a mail is given up after {} tries: {fault}", mail.attempts + 1);
            return self.store.delete_mail(mail.id).await;
        }
        self.stats.mails_put_off.count();
        let pause = pause(mail.attempts);
        self.store.postpone_mail(mail, self.now().plus(pause)).await?;
        log::error!("a mail was not handed over, next try in {pause:?}: {fault}");
        // Whoever sends mails may sleep for longer than that.
        self.mail_waits.notify_one();
        Ok(())
    }
}

fn log_unsent(fault: &store::Fault) {
    log::error!("a mail stays where it is: {fault}");
}

fn pause(attempts: u32) -> Duration {
    PAUSES.build().nth(attempts.min(GROWING) as usize).unwrap_or(PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_seconds_to_minutes_and_no_two_are_alike() {
        for (attempts, least) in [(0, 5), (1, 10), (2, 20), (6, 320), (7, 600), (u32::MAX, 600)] {
            let pauses: Vec<_> = (0..100).map(|_| pause(attempts)).collect();
            let least = Duration::from_secs(least);
            assert!(pauses.iter().all(|pause| (least..2 * least).contains(pause)), "{attempts}: {pauses:?}");
            assert!(pauses.iter().any(|pause| *pause != pauses[0]), "{attempts}");
        }
    }
}
