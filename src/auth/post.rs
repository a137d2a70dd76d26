//! Mail on its way out. A letter is a row, committed with what it tells of; whoever carries it deletes the row once the
//! mail server has it. A mail server that is down delays letters and loses none.
use std::time::Duration;

use actix_rt::time::timeout;
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Auth, Fault};
use crate::{
    domain::{Email, Timestamp},
    mail::{self, Letter},
    store::{DueMail, NewMail},
};

/// Mails that are being handed over at once.
const AT_ONCE: usize = 8;
const PER_ROUND: u64 = 64;
/// The first pause after a failure; each further one is twice as long, up to `LONGEST_PAUSE`.
const PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);
/// After this long a mail is given up: no link in it works any more.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(72 * 60 * 60);
/// How long the carrier sleeps at most, so that it finds what another server left behind.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// A letter and whom it is for.
#[derive(Serialize, Deserialize)]
struct Envelope {
    to: String,
    /// Nothing: nobody is written to, and that takes as long.
    letter: Option<Letter>,
}

impl Auth {
    /// Hands over what waits, for as long as the server runs.
    pub async fn carry_mail(self) {
        loop {
            let pause = match self.carry_due_mail().await {
                Ok(next) => next.map_or(LONGEST_SLEEP, |due| due.since(self.now()).min(LONGEST_SLEEP)),
                Err(fault) => {
                    log::error!("waiting mails cannot be read: {fault}");
                    PAUSE
                }
            };
            // Woken early or not: there may be mail.
            let _ = timeout(pause, self.mail_waits.notified()).await;
        }
    }

    /// Tries every mail whose time has come, once. Says when the next one's will.
    pub async fn carry_due_mail(&self) -> Result<Option<Timestamp>, Fault> {
        let due = self.store.due_mails(self.now(), PER_ROUND).await?;
        stream::iter(due).for_each_concurrent(AT_ONCE, |id| self.carry(id)).await;
        Ok(self.store.next_mail().await?)
    }

    /// Mails that were not handed over yet.
    pub async fn waiting_mails(&self) -> Result<u64, Fault> {
        Ok(self.store.waiting_mails().await?)
    }

    /// Seals one letter for each outcome of a transaction that has yet to run.
    pub(super) fn letters(&self, to: &Email, if_so: Letter, otherwise: Option<Letter>) -> Result<NewMail, Fault> {
        let seal = |letter| {
            let envelope = Envelope { to: to.to_string(), letter };
            self.key.seal(&serde_json::to_string(&envelope).map_err(Fault::broken)?)
        };
        Ok(NewMail { id: Uuid::now_v7(), if_so: seal(Some(if_so))?, otherwise: seal(otherwise)? })
    }

    /// A mail was committed. On this machine it is handed over at once; a mail server may take its time, which must
    /// neither delay the answer nor tell a stranger whether there was anything to send.
    pub(super) async fn dispatch(&self, mail: &NewMail) {
        if self.mailer.is_local() {
            self.carry(mail.id).await;
        } else {
            self.mail_waits.notify_one();
        }
    }

    async fn carry(&self, id: Uuid) {
        let carried = match self.store.take_mail(id, self.now()).await {
            Ok(Some(mail)) => match self.hand_over(&mail).await {
                Ok(()) => {
                    self.stats.mails_sent.count();
                    self.store.forget_mail(id).await
                }
                Err(fault) => self.keep(&mail, &fault).await,
            },
            Ok(None) => Ok(()),
            Err(fault) => Err(fault),
        };
        if let Err(fault) = carried {
            log::error!("a mail stays where it is: {fault}");
        }
    }

    async fn hand_over(&self, mail: &DueMail) -> Result<(), mail::Fault> {
        let broken = |what: String| mail::Fault::Passing(what);
        let plain = self.key.unseal(&mail.sealed).map_err(|fault| broken(fault.to_string()))?;
        let Envelope { to, letter } = serde_json::from_str(&plain).map_err(|_| broken("not an envelope".into()))?;
        match letter {
            Some(letter) => self.mailer.send(&Email::stored(&to), letter).await,
            None => self.mailer.pretend().await,
        }
    }

    /// Another try later, unless there is no point in it.
    async fn keep(&self, mail: &DueMail, fault: &mail::Fault) -> Result<(), crate::store::Fault> {
        let over = mail.created_at.plus(GIVEN_UP_AFTER) <= self.now();
        if over || matches!(fault, mail::Fault::Refused(_)) {
            self.stats.mails_given_up.count();
            log::error!("a mail is given up after {} tries: {fault}", mail.attempts + 1);
            return self.store.forget_mail(mail.id).await;
        }
        self.stats.mails_put_off.count();
        let pause = pause(mail.attempts);
        self.store.put_off_mail(mail, self.now().plus(pause)).await?;
        log::error!("a mail was not handed over, next try in {pause:?}: {fault}");
        Ok(())
    }
}

fn pause(attempts: u32) -> Duration {
    PAUSE.saturating_mul(1 << attempts.min(16)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_seconds_to_a_quarter_of_an_hour() {
        let seconds: Vec<_> = (0..10).map(|attempts| pause(attempts).as_secs()).collect();
        assert_eq!(seconds, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }
}
