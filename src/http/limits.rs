//! Counting what visitors do, before anything is done for them.
use super::{Answer, State};
use crate::{
    auth::Visitor,
    domain::Email,
    limits::{self, TooMany},
};

impl State {
    /// One more request, whatever it is for.
    pub(in crate::http) fn count_request(&self, visitor: &Visitor) -> Result<(), Answer> {
        let counted = self.limits.requests_per_ip.check(&visitor.network);
        counted.map_err(|late| self.late("too many requests", visitor, late))
    }

    /// One more try to log in. An account that is under attack from elsewhere stays open to the places that its owner
    /// has logged in from, so an attacker can delay the owner but not lock the owner out.
    pub(in crate::http) async fn count_login(&self, email: &Email, visitor: &Visitor) -> Result<(), Answer> {
        self.may_try(visitor)?;
        let pair = self.limits.logins_per_pair.check((email.as_str(), &visitor.network));
        pair.map_err(|late| self.late("too many logins to one account from one address", visitor, late))?;
        let Err(late) = self.limits.logins_per_account.check(email.as_str()) else { return Ok(()) };
        if self.auth.knows_place(email, visitor).await? {
            return Ok(());
        }
        Err(self.late("too many logins to one account", visitor, late))
    }

    /// The owner was there: what was counted against the account is forgotten.
    pub(in crate::http) fn forgive_login(&self, email: &Email, visitor: &Visitor) {
        self.limits.logins_per_pair.forget((email.as_str(), &visitor.network));
        self.limits.logins_per_account.forget(email.as_str());
    }

    /// Whether somebody who guesses has guesses left.
    pub(in crate::http) fn may_try(&self, visitor: &Visitor) -> Result<(), Answer> {
        let left = self.limits.failures_per_ip.look(&visitor.network);
        left.map_err(|late| self.late("too many wrong passwords and tokens", visitor, late))
    }

    /// A wrong guess.
    pub(in crate::http) fn failed(&self, visitor: &Visitor) {
        // Whether it was one too many is asked before the next.
        let _ = self.limits.failures_per_ip.check(&visitor.network);
    }

    /// One more mail to an address, whether or not there is anything to write to it.
    pub(in crate::http) fn count_mail(&self, email: &Email, visitor: &Visitor) -> Result<(), Answer> {
        let limits = &self.limits;
        limits.mails_per_ip.check(&visitor.network).map_err(|late| self.late("too many mails", visitor, late))?;
        let counted = limits.mail_pause.check(email.as_str());
        counted
            .and_then(|()| limits.mails_per_address.check(email.as_str()))
            .map_err(|late| self.late("too many mails to one address", visitor, late))
    }

    pub(in crate::http) fn late(&self, what: &'static str, visitor: &Visitor, late: TooMany) -> Answer {
        limits::tell(what, &visitor.network);
        Answer::too_many(late.seconds())
    }
}
