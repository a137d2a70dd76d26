//! Proving an address. Tokens arrive hashed, work once, and end each other.
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, prelude::Uuid, sea_query::Expr};

use super::{NewLogin, account::find, grams, mail_tokens::VERIFY, people::fold};
use crate::{
    domain::{Email, Timestamp, UserId},
    store::{Fault, Store, chats::create_self_chats},
};
use entity::{mail_token, user};

/// How often a code may be tried.
const CODE_TRIES: i32 = 5;

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

impl Store {
    /// Makes an account verified with the password and name of the sign-up that this proof belongs to, ends all its
    /// other tokens, gives it its self chat, and opens a login.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn verify(&self, proof: &Proof, login: &NewLogin, now: Timestamp) -> Result<Verified, Fault> {
        let transaction = self.begin().await?;
        let verified = verify(&transaction, proof, login, now).await?;
        transaction.commit().await?;
        Ok(verified)
    }
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
    create_self_chats(on, &[user]).await?;
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
    let folded = fold(name);
    let updated = user::Entity::update_many()
        .col_expr(user::Column::Verified, Expr::value(true))
        .col_expr(user::Column::PasswordHash, Expr::value(password_hash))
        .col_expr(user::Column::Name, Expr::value(name))
        .col_expr(user::Column::NameFolded, Expr::value(&folded))
        .filter(user::Column::Id.eq(token.user_id))
        .filter(user::Column::Verified.eq(false))
        .exec(on)
        .await?;
    if updated.rows_affected == 0 {
        return Ok(false);
    }
    grams::add(on, &[(UserId(token.user_id), folded)]).await?;
    Ok(true)
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
