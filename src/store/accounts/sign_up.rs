//! Signing up: each sign-up of an address is kept with a token of its own until one of them is used.
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::{
    NewMail, NewMailToken,
    account::{find, row},
    mail_tokens::newest_sign_up,
};
use crate::{
    domain::{Email, Name, Timestamp, UserId},
    store::{Fault, Store},
};
use entity::{mail_token, user};

/// What one sign-up chose, kept with its own mail token until that token is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    /// The address to be proven.
    pub email: Email,
    /// The chosen name.
    pub name: Name,
    /// The chosen password, hashed.
    pub password_hash: String,
    /// What is mailed, hashed: a link's token, a code, or both. The one that is used ends the other.
    pub tokens: Vec<NewMailToken>,
    /// The mail with them, or else the hint that there is an account.
    pub mail: NewMail,
}

/// What became of a sign-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedUp {
    /// It waits for its token.
    Waiting,
    /// The address has an account; nothing was changed.
    Taken,
}

/// What became of the wish for another mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resent {
    /// The newest sign-up has a new token; its older one is ended.
    Replaced,
    /// The address is proven already.
    Verified,
    /// No such account.
    Unknown,
}

impl Store {
    /// Keeps a sign-up until its token is used. Earlier sign-ups of the same address stay as they are.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn sign_up(&self, sign_up: &SignUp, now: Timestamp) -> Result<SignedUp, Fault> {
        match self.try_sign_up(sign_up, now).await {
            // Two first sign-ups of one address at once: the second finds the first one's row. An account that nobody
            // verified may go between being found and getting its token: then it is made anew.
            Err(Fault::Duplicate(_) | Fault::Refused(_)) => self.try_sign_up(sign_up, now).await,
            outcome => outcome,
        }
    }

    async fn try_sign_up(&self, sign_up: &SignUp, now: Timestamp) -> Result<SignedUp, Fault> {
        let transaction = self.begin().await?;
        let id = match find(&transaction, &sign_up.email).await? {
            Some(row) if row.verified => {
                sign_up.mail.insert(&transaction, false, now).await?;
                transaction.commit().await?;
                return Ok(SignedUp::Taken);
            }
            Some(row) => UserId(row.id),
            None => {
                let id = UserId::new();
                let row = row(id, &sign_up.name, &sign_up.email, None, now);
                user::Entity::insert(row).exec_without_returning(&transaction).await?;
                id
            }
        };
        let chosen = (sign_up.password_hash.clone(), sign_up.name.to_string());
        let rows = sign_up.tokens.iter().map(|token| token.row(id, &sign_up.email, Some(chosen.clone()), now));
        mail_token::Entity::insert_many(rows).exec_without_returning(&transaction).await?;
        sign_up.mail.insert(&transaction, true, now).await?;
        transaction.commit().await?;
        Ok(SignedUp::Waiting)
    }

    /// Gives the newest sign-up of an address new tokens in place of its older ones.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn resend(
        &self,
        email: &Email,
        tokens: &[NewMailToken],
        mail: &NewMail,
        now: Timestamp,
    ) -> Result<Resent, Fault> {
        let transaction = self.begin().await?;
        let outcome = resend(&transaction, email, tokens, now).await?;
        mail.insert(&transaction, outcome == Resent::Replaced, now).await?;
        transaction.commit().await?;
        Ok(outcome)
    }
}

async fn resend(
    on: &DatabaseTransaction,
    email: &Email,
    tokens: &[NewMailToken],
    now: Timestamp,
) -> Result<Resent, Fault> {
    let Some(user) = find(on, email).await? else { return Ok(Resent::Unknown) };
    if user.verified {
        return Ok(Resent::Verified);
    }
    let Some(newest) = newest_sign_up(on, user.id).await? else { return Ok(Resent::Unknown) };
    // What one sign-up was mailed shares its hash, which is salted: no other sign-up has the same.
    mail_token::Entity::delete_many()
        .filter(mail_token::Column::UserId.eq(user.id))
        .filter(mail_token::Column::PasswordHash.eq(newest.password_hash.clone()))
        .exec(on)
        .await?;
    let chosen = newest.password_hash.zip(newest.name);
    let rows = tokens.iter().map(|token| token.row(UserId(user.id), email, chosen.clone(), now));
    mail_token::Entity::insert_many(rows).exec_without_returning(on).await?;
    Ok(Resent::Replaced)
}
