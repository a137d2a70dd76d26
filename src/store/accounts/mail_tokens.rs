//! What was mailed out to prove an address. Tokens arrive hashed, work once, and end each other.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, prelude::Uuid,
    sea_query::Expr,
};

use super::{
    NewLogin, NewMail,
    account::{find, newest_sign_up},
    people::fold,
};
use crate::{
    domain::{Email, Timestamp, UserId},
    store::{Fault, Store, chats::found_self_chats},
};
use entity::{mail_token, user};

pub(super) const VERIFY: &str = "verify";
/// How often a code may be tried.
const CODE_TRIES: i32 = 5;

/// What is mailed, as the database keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMailToken {
    /// The token's or code's hash.
    pub hash: String,
    /// Whether it is a short code.
    pub is_code: bool,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// What somebody presents to prove an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The address to be proven.
    pub email: Email,
    /// The hash of the token or code.
    pub hash: String,
    /// Whether it is a short code.
    pub is_code: bool,
}

/// What a proof was worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// The account is verified now and the login open.
    Now(UserId),
    /// This very link did it earlier.
    Before,
    /// Unknown, expired, used up or ended by another one.
    No,
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

impl NewMailToken {
    /// The row of a sign-up's token.
    pub(super) fn row(
        &self,
        user: UserId,
        email: &Email,
        chosen: Option<(String, String)>,
        now: Timestamp,
    ) -> mail_token::ActiveModel {
        let (password_hash, name) = chosen.unzip();
        mail_token::ActiveModel {
            id: Set(Uuid::now_v7()),
            user_id: Set(user.0),
            purpose: Set(VERIFY.into()),
            email: Set(email.to_string()),
            token_hash: Set(self.hash.clone()),
            is_code: Set(self.is_code),
            tries: Set(0),
            password_hash: Set(password_hash),
            name: Set(name),
            created_at: Set(now.0),
            expires_at: Set(self.expires_at.0),
            used_at: Set(None),
        }
    }
}

impl Store {
    /// Gives the newest sign-up of an address a new token in place of its older one.
    pub async fn resend(
        &self,
        email: &Email,
        token: &NewMailToken,
        mail: &NewMail,
        now: Timestamp,
    ) -> Result<Resent, Fault> {
        let transaction = self.begin().await?;
        let outcome = resend(&transaction, email, token, now).await?;
        mail.insert(&transaction, outcome == Resent::Replaced, now).await?;
        transaction.commit().await?;
        Ok(outcome)
    }

    /// Makes an account verified with the password and name of the sign-up that this proof belongs to, ends all its
    /// other tokens, gives it its self chat, and opens a login.
    pub async fn verify(&self, proof: &Proof, login: &NewLogin, now: Timestamp) -> Result<Verified, Fault> {
        let transaction = self.begin().await?;
        let verified = verify(&transaction, proof, login, now).await?;
        transaction.commit().await?;
        Ok(verified)
    }
}

async fn resend(
    on: &DatabaseTransaction,
    email: &Email,
    token: &NewMailToken,
    now: Timestamp,
) -> Result<Resent, Fault> {
    let Some(user) = find(on, email).await? else { return Ok(Resent::Unknown) };
    if user.verified {
        return Ok(Resent::Verified);
    }
    let Some(newest) = newest_sign_up(on, user.id).await? else { return Ok(Resent::Unknown) };
    mail_token::Entity::delete_by_id(newest.id).exec(on).await?;
    let row = token.row(UserId(user.id), email, newest.password_hash.zip(newest.name), now);
    mail_token::Entity::insert(row).exec_without_returning(on).await?;
    Ok(Resent::Replaced)
}

async fn verify(on: &DatabaseTransaction, proof: &Proof, login: &NewLogin, now: Timestamp) -> Result<Verified, Fault> {
    let Some(user) = find(on, &proof.email).await? else { return Ok(Verified::No) };
    if proof.is_code {
        count_try(on, user.id).await?;
    }
    let Some(token) = matching(on, user.id, proof).await? else { return Ok(Verified::No) };
    if token.used_at.is_some() {
        return Ok(if token.is_code { Verified::No } else { Verified::Before });
    }
    if token.expires_at <= now.0 || token.tries > CODE_TRIES || !accept(on, &token).await? {
        return Ok(Verified::No);
    }
    spend(on, &token, now).await?;
    let user = UserId(user.id);
    found_self_chats(on, &[user]).await?;
    login.insert(on, user, now).await?;
    Ok(Verified::Now(user))
}

/// A try counts before the code is looked at, against every code of the account: guesses at once are counted one by one.
async fn count_try(on: &DatabaseTransaction, user: Uuid) -> Result<(), Fault> {
    mail_token::Entity::update_many()
        .col_expr(mail_token::Column::Tries, Expr::col(mail_token::Column::Tries).add(1))
        .filter(mail_token::Column::UserId.eq(user))
        .filter(mail_token::Column::IsCode.eq(true))
        .exec(on)
        .await?;
    Ok(())
}

async fn matching(on: &DatabaseTransaction, user: Uuid, proof: &Proof) -> Result<Option<mail_token::Model>, Fault> {
    Ok(mail_token::Entity::find()
        .filter(mail_token::Column::UserId.eq(user))
        .filter(mail_token::Column::Purpose.eq(VERIFY))
        .filter(mail_token::Column::Email.eq(proof.email.as_str()))
        .filter(mail_token::Column::IsCode.eq(proof.is_code))
        .filter(mail_token::Column::TokenHash.eq(&*proof.hash))
        .one(on)
        .await?)
}

/// The sign-up of this token becomes the account. False if another proof was faster.
async fn accept(on: &DatabaseTransaction, token: &mail_token::Model) -> Result<bool, Fault> {
    let (Some(password_hash), Some(name)) = (&token.password_hash, &token.name) else { return Ok(false) };
    let updated = user::Entity::update_many()
        .col_expr(user::Column::Verified, Expr::value(true))
        .col_expr(user::Column::PasswordHash, Expr::value(password_hash))
        .col_expr(user::Column::Name, Expr::value(name))
        .col_expr(user::Column::NameFolded, Expr::value(fold(name)))
        .filter(user::Column::Id.eq(token.user_id))
        .filter(user::Column::Verified.eq(false))
        .exec(on)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// The used token stays, without what its sign-up chose, so that a repeat of the link can be answered kindly.
async fn spend(on: &DatabaseTransaction, token: &mail_token::Model, now: Timestamp) -> Result<(), Fault> {
    mail_token::Entity::delete_many()
        .filter(mail_token::Column::UserId.eq(token.user_id))
        .filter(mail_token::Column::Id.ne(token.id))
        .exec(on)
        .await?;
    mail_token::Entity::update_many()
        .col_expr(mail_token::Column::UsedAt, Expr::value(now.0))
        .col_expr(mail_token::Column::PasswordHash, Expr::value(None::<String>))
        .filter(mail_token::Column::Id.eq(token.id))
        .exec(on)
        .await?;
    Ok(())
}
