//! From a wish for an account to a proven address.
use std::{fmt, time::Duration};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use log::Level;

use super::{Auth, Fault, Opened, Password, Visitor, opaque};
use crate::{
    domain::{Email, Name},
    mail::Letter,
    measure::tell,
    store::{NewMailToken, Proof, Resent, SignUp, SignedUp, Verified},
};

/// All but what RFC 3986 leaves unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const LINK_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
const CODE_LIFE: Duration = Duration::from_secs(10 * 60);

/// How an address is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// By a link, for people in front of a browser.
    Link,
    /// By a code that is typed into an app.
    Code,
    /// By either, for a page that waits in a browser while the mail may be opened elsewhere.
    Both,
}

/// What a mailed token or code was worth.
pub enum Verification {
    /// The address is proven and its owner logged in.
    Opened(Opened),
    /// The same link did this earlier.
    Before,
    /// Unknown, expired, used up or ended by another one.
    Refused,
}

impl Auth {
    /// Mails a token for a new sign-up, or a hint to the owner of an account. Which of them, only the mail tells.
    ///
    /// # Errors
    /// A fault of the database, or [`Fault::Busy`] if as many password hashes wait as may.
    pub async fn sign_up(
        &self,
        email: &Email,
        name: &Name,
        password: &Password,
        delivery: Delivery,
    ) -> Result<SignedUp, Fault> {
        let password_hash = self.hasher.hash(password.as_str()).await?;
        let (tokens, letter) = self.new_tokens(email, delivery);
        let hint = Letter::AlreadyRegistered { link: format!("{}/", self.public_url) };
        let mail = self.letters(email, letter, Some(hint))?;
        let sign_up = SignUp { email: email.clone(), name: name.clone(), password_hash, tokens, mail };
        self.run_to_end(async move |this: Self| {
            let outcome = this.store.sign_up(&sign_up, this.now()).await?;
            this.dispatch(&sign_up.mail).await;
            Ok(outcome)
        })
        .await
    }

    /// Mails a new token in place of the newest one, if the address waits for one.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn resend(&self, email: &Email, delivery: Delivery) -> Result<Resent, Fault> {
        let (tokens, letter) = self.new_tokens(email, delivery);
        let mail = self.letters(email, letter, None)?;
        let email = email.clone();
        self.run_to_end(async move |this: Self| {
            let outcome = this.store.resend(&email, &tokens, &mail, this.now()).await?;
            this.dispatch(&mail).await;
            Ok(outcome)
        })
        .await
    }

    /// Spends a mailed token or code: its sign-up becomes the account, and its owner is logged in.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn verify(&self, email: &Email, token: &str, visitor: &Visitor) -> Result<Verification, Fault> {
        let is_code = opaque::is_code(token);
        let hash = if is_code { self.key.digest(email, token) } else { opaque::hash(token) };
        let proof = Proof { email: email.clone(), hash, is_code };
        let (login, refresh) = self.new_login(self.login_ttl, self.refresh_ttl, visitor);
        match self.store.verify(&proof, &login, self.now()).await? {
            Verified::Now(user) => {
                log::info!("user {user} verified an address from {}, login {}", visitor.ip, login.id);
                Ok(Verification::Opened(self.opened(user, &login, refresh)?))
            }
            Verified::Before => Ok(Verification::Before),
            Verified::No => {
                let line = format_args!("proof of {} from {} refused", email.masked(), visitor.ip);
                tell(Level::Info, "proof of an address", &visitor.network, line);
                Ok(Verification::Refused)
            }
        }
    }

    fn new_tokens(&self, email: &Email, delivery: Delivery) -> (Vec<NewMailToken>, Letter) {
        match delivery {
            Delivery::Link => {
                let (token, link) = self.new_link(email);
                (vec![token], Letter::VerifyLink { link })
            }
            Delivery::Code => {
                let (token, code) = self.new_code(email);
                (vec![token], Letter::VerifyCode { code })
            }
            Delivery::Both => {
                let ((by_link, link), (by_code, code)) = (self.new_link(email), self.new_code(email));
                (vec![by_link, by_code], Letter::VerifyBoth { link, code })
            }
        }
    }

    fn new_link(&self, email: &Email) -> (NewMailToken, String) {
        let token = opaque::token();
        let hash = opaque::hash(&token);
        let link = format!("{}/verify?email={}&token={token}", self.public_url, url_encoded(email.as_str()));
        (NewMailToken { hash, is_code: false, expires_at: self.now().plus(LINK_LIFE) }, link)
    }

    fn new_code(&self, email: &Email) -> (NewMailToken, String) {
        let code = opaque::code();
        let hash = self.key.digest(email, &code);
        (NewMailToken { hash, is_code: true, expires_at: self.now().plus(CODE_LIFE) }, code)
    }
}

/// Text as a value in a link.
fn url_encoded(text: &str) -> impl fmt::Display {
    utf8_percent_encode(text, RESERVED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_a_link_cannot_become_another_parameter() {
        assert_eq!(url_encoded("a+b&c=d%é@x.org-._~").to_string(), "a%2Bb%26c%3Dd%25%C3%A9%40x.org-._~");
    }
}
