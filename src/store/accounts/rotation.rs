//! Exchanging refresh tokens. Each is spent once; spending it twice shows that a copy of it is about.
use std::time::Duration;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, sea_query::Expr,
};

use super::logins::{self, touch};
use crate::{
    domain::{LoginId, Timestamp, UserId},
    store::{Fault, Store},
};
use entity::{refresh_token, session};

/// How long a client whose answer was lost may ask again.
const GRACE: Duration = Duration::from_secs(15);

/// A refresh token and what replaces it, hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// What was brought.
    pub presented: String,
    /// What replaces it: always the same for the same token.
    pub successor: String,
    /// When the successor stops working unused.
    pub idle_until: Timestamp,
}

/// What became of a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotated {
    /// The successor is in force, for the first time or again.
    Fresh {
        /// Whose.
        user: UserId,
        /// Which login.
        login: LoginId,
    },
    /// It was spent before: the login is over now.
    Reused {
        /// Whose.
        user: UserId,
        /// Which login.
        login: LoginId,
    },
    /// Unknown, expired, or of a login that is over.
    No,
}

impl Store {
    /// Spends a refresh token in one transaction. Of two at once, one spends it and both get the same successor.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn rotate(&self, rotation: &Rotation, now: Timestamp) -> Result<Rotated, Fault> {
        let transaction = self.begin().await?;
        let outcome = rotate(&transaction, rotation, now).await?;
        transaction.commit().await?;
        Ok(outcome)
    }

    /// A spent token was brought again: whether that is only a lost answer. If not, its login is over.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn excuse_spent(&self, hash: &str, now: Timestamp) -> Result<bool, Fault> {
        let transaction = self.begin().await?;
        let Some(token) = refresh_token::Entity::find_by_id(hash).one(&transaction).await? else { return Ok(false) };
        let excused = is_lost_answer(&transaction, &token, now).await?;
        if !excused {
            end(&transaction, &token, now).await?;
        }
        transaction.commit().await?;
        Ok(excused)
    }
}

async fn rotate(on: &DatabaseTransaction, rotation: &Rotation, now: Timestamp) -> Result<Rotated, Fault> {
    let spent = spend(on, rotation, now).await?;
    let Some(token) = refresh_token::Entity::find_by_id(&*rotation.presented).one(on).await? else {
        return Ok(Rotated::No);
    };
    let Some(login) = session::Entity::find_by_id(token.session_id).one(on).await? else { return Ok(Rotated::No) };
    if login.revoked_at.is_some() || login.expires_at <= now.0 {
        return Ok(Rotated::No);
    }
    let user = UserId(login.user_id);
    let id = LoginId(login.id);
    let fresh = Rotated::Fresh { user, login: id };
    if spent {
        succeed(on, rotation, &login, now).await?;
        touch(on, login.id, now).await?;
        return Ok(fresh);
    }
    if token.spent_at.is_none() {
        return Ok(Rotated::No);
    }
    if is_lost_answer(on, &token, now).await? {
        // After a change of the signing key the successor cannot be told again. That is nobody's theft.
        let same = token.successor_hash.as_ref() == Some(&rotation.successor);
        return Ok(if same { fresh } else { Rotated::No });
    }
    end(on, &token, now).await?;
    Ok(Rotated::Reused { user, login: id })
}

/// The condition is in the statement itself, so that only one of two can meet it.
async fn spend(on: &DatabaseTransaction, rotation: &Rotation, now: Timestamp) -> Result<bool, Fault> {
    let updated = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::SpentAt, Expr::value(now.0))
        .col_expr(refresh_token::Column::SuccessorHash, Expr::value(&*rotation.successor))
        .filter(refresh_token::Column::TokenHash.eq(&*rotation.presented))
        .filter(refresh_token::Column::SpentAt.is_null())
        .filter(refresh_token::Column::ExpiresAt.gt(now.0))
        .exec(on)
        .await?;
    Ok(updated.rows_affected == 1)
}

async fn succeed(
    on: &DatabaseTransaction,
    rotation: &Rotation,
    login: &session::Model,
    now: Timestamp,
) -> Result<(), Fault> {
    let row = refresh_token::ActiveModel {
        token_hash: Set(rotation.successor.clone()),
        session_id: Set(login.id),
        created_at: Set(now.0),
        expires_at: Set(rotation.idle_until.0.min(login.expires_at)),
        spent_at: Set(None),
        successor_hash: Set(None),
    };
    refresh_token::Entity::insert(row).exec_without_returning(on).await?;
    Ok(())
}

/// A moment ago, and whoever has the successor has not used it.
async fn is_lost_answer(on: &DatabaseTransaction, token: &refresh_token::Model, now: Timestamp) -> Result<bool, Fault> {
    let (Some(spent_at), Some(successor)) = (token.spent_at, &token.successor_hash) else { return Ok(true) };
    if Timestamp(spent_at).plus(GRACE) < now {
        return Ok(false);
    }
    let successor = refresh_token::Entity::find_by_id(&**successor).one(on).await?;
    Ok(successor.is_some_and(|successor| successor.spent_at.is_none()))
}

async fn end(on: &DatabaseTransaction, token: &refresh_token::Model, now: Timestamp) -> Result<(), Fault> {
    logins::end(on, Condition::all().add(session::Column::Id.eq(token.session_id)), now).await?;
    Ok(())
}
