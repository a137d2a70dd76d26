//! New passwords for old ones: by a mailed token, or by somebody who is logged in.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, prelude::Uuid,
    sea_query::Expr,
};

use super::{
    NewMail,
    account::find,
    logins::{PASSWORD_CHANGED, end_all, ended},
};
use crate::{
    domain::{Email, LoginId, Timestamp, UserId},
    store::{Fault, Store, sql::despite_deadlocks},
};
use entity::{mail_token, user};

const RESET: &str = "reset";

/// A password that was just replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Whose.
    pub user: UserId,
    /// The logins that this ended.
    pub ended: Vec<LoginId>,
}

impl Store {
    /// Gives a verified account a token for a new password; its older ones are ended. Says whether there is one.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn allow_reset(
        &self,
        email: &Email,
        token_hash: &str,
        expires_at: Timestamp,
        mail: &NewMail,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let transaction = self.begin().await?;
        let account = find(&transaction, email).await?.filter(|account| account.verified);
        if let Some(account) = &account {
            end_resets(&transaction, account.id).await?;
            let row = reset_row(account, token_hash, expires_at, now);
            mail_token::Entity::insert(row).exec_without_returning(&transaction).await?;
        }
        mail.insert(&transaction, account.is_some(), now).await?;
        transaction.commit().await?;
        Ok(account.is_some())
    }

    /// The address that a token for a new password was mailed to, while the token works.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn reset_address(&self, token_hash: &str, now: Timestamp) -> Result<Option<Email>, Fault> {
        Ok(open_reset(&self.reader, token_hash, now).await?.map(|token| Email::stored(&token.email)))
    }

    /// Spends a token for a new password, which ends all logins. None if the token does not work any more.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn reset_password(
        &self,
        token_hash: &str,
        password_hash: &str,
        mail: &NewMail,
        now: Timestamp,
    ) -> Result<Option<Replaced>, Fault> {
        despite_deadlocks("a new password", || self.try_to_reset(token_hash, password_hash, mail, now)).await
    }

    async fn try_to_reset(
        &self,
        token_hash: &str,
        password_hash: &str,
        mail: &NewMail,
        now: Timestamp,
    ) -> Result<Option<Replaced>, Fault> {
        let mut transaction = self.begin_told().await?;
        let Some(token) = open_reset(&*transaction, token_hash, now).await? else { return Ok(None) };
        let user = UserId(token.user_id);
        let spent = mail_token::Entity::delete_by_id(token.id).exec(&*transaction).await?;
        if spent.rows_affected == 0 || !set_password(&transaction, user, None, password_hash).await? {
            return Ok(None);
        }
        let replaced = replaced(&transaction, user, None, mail, now).await?;
        transaction.tell(ended(user, &replaced.ended, PASSWORD_CHANGED), None);
        transaction.commit().await?;
        Ok(Some(replaced))
    }

    /// Replaces a password that is still `old`, and ends all logins but `keep`. None if it was changed meanwhile.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn change_password(
        &self,
        user: UserId,
        old: &str,
        new: &str,
        keep: LoginId,
        mail: &NewMail,
        now: Timestamp,
    ) -> Result<Option<Replaced>, Fault> {
        despite_deadlocks("a new password", || self.try_to_change(user, old, new, keep, mail, now)).await
    }

    async fn try_to_change(
        &self,
        user: UserId,
        old: &str,
        new: &str,
        keep: LoginId,
        mail: &NewMail,
        now: Timestamp,
    ) -> Result<Option<Replaced>, Fault> {
        let mut transaction = self.begin_told().await?;
        if !set_password(&transaction, user, Some(old), new).await? {
            return Ok(None);
        }
        let replaced = replaced(&transaction, user, Some(keep), mail, now).await?;
        transaction.tell(ended(user, &replaced.ended, PASSWORD_CHANGED), None);
        transaction.commit().await?;
        Ok(Some(replaced))
    }
}

/// What follows from a new password: no token for another one works, no login but the caller's.
async fn replaced(
    on: &DatabaseTransaction,
    user: UserId,
    keep: Option<LoginId>,
    mail: &NewMail,
    now: Timestamp,
) -> Result<Replaced, Fault> {
    end_resets(on, user.0).await?;
    let ended = end_all(on, user, keep, now).await?;
    mail.insert(on, true, now).await?;
    Ok(Replaced { user, ended })
}

async fn set_password(on: &DatabaseTransaction, user: UserId, old: Option<&str>, new: &str) -> Result<bool, Fault> {
    let mut update = user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(new))
        .filter(user::Column::Id.eq(user.0))
        .filter(user::Column::Verified.eq(true));
    if let Some(old) = old {
        update = update.filter(user::Column::PasswordHash.eq(old));
    }
    Ok(update.exec(on).await?.rows_affected == 1)
}

async fn end_resets(on: &impl ConnectionTrait, user: Uuid) -> Result<(), Fault> {
    mail_token::Entity::delete_many()
        .filter(mail_token::Column::UserId.eq(user))
        .filter(mail_token::Column::Purpose.eq(RESET))
        .exec(on)
        .await?;
    Ok(())
}

async fn open_reset(
    on: &impl ConnectionTrait,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<mail_token::Model>, Fault> {
    Ok(mail_token::Entity::find()
        .filter(mail_token::Column::TokenHash.eq(token_hash))
        .filter(mail_token::Column::Purpose.eq(RESET))
        .filter(mail_token::Column::ExpiresAt.gt(now.0))
        .one(on)
        .await?)
}

fn reset_row(
    account: &user::Model,
    token_hash: &str,
    expires_at: Timestamp,
    now: Timestamp,
) -> mail_token::ActiveModel {
    mail_token::ActiveModel {
        id: Set(Uuid::now_v7()),
        user_id: Set(account.id),
        purpose: Set(RESET.into()),
        email: Set(account.email.clone()),
        token_hash: Set(token_hash.into()),
        is_code: Set(false),
        tries: Set(0),
        password_hash: Set(None),
        name: Set(None),
        created_at: Set(now.0),
        expires_at: Set(expires_at.0),
        used_at: Set(None),
    }
}
