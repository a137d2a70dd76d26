//! Accounts: found at login, and added by the operator. `auth` asks; passwords arrive hashed.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{grams, mail_tokens::newest_sign_up, people::fold, privacy};
use crate::{
    domain::{Email, Name, Privacy, Timestamp, UserId},
    store::{Fault, Store, chats::create_self_chats},
};
use entity::user;

/// Rows per statement: SQLite binds at most 32,766 values.
const ROWS_AT_ONCE: usize = 500;

/// What a login is checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user.
    pub id: UserId,
    /// The name shown to others.
    pub name: Name,
    /// The address.
    pub email: Email,
    /// Argon2id in PHC form. Before the address is proven: what the newest sign-up chose.
    pub password_hash: String,
    /// Whether the address was proven.
    pub verified: bool,
}

impl Store {
    /// The account with this address, verified or waiting.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn account(&self, email: &Email) -> Result<Option<Account>, Fault> {
        let Some(row) = find(&self.reader, email).await? else { return Ok(None) };
        let waiting = if row.verified { None } else { newest_sign_up(&self.reader, row.id).await? };
        let password_hash = waiting.and_then(|token| token.password_hash).unwrap_or(row.password_hash);
        Ok(Some(Account {
            id: UserId(row.id),
            name: Name::stored(&row.name),
            email: Email::stored(&row.email),
            password_hash,
            verified: row.verified,
        }))
    }

    /// Adds verified people with one password hash, each with a self chat. All of them or none.
    ///
    /// # Errors
    /// [`Fault::Duplicate`] if one of the addresses has an account, and any other fault of the database. Nobody is added then.
    pub async fn add_verified(
        &self,
        people: &[(Name, Email)],
        password_hash: &str,
        now: Timestamp,
    ) -> Result<Vec<UserId>, Fault> {
        self.add_verified_if(people, password_hash, now, |_| Ok(())).await
    }

    /// The same, unless `agree` refuses to: it is asked before anybody else sees them.
    ///
    /// # Errors
    /// What `agree` refused with, [`Fault::Duplicate`] if one of the addresses has an account, and any other fault of the
    /// database. Nobody is added then.
    pub async fn add_verified_if<E: From<Fault>>(
        &self,
        people: &[(Name, Email)],
        password_hash: &str,
        now: Timestamp,
        agree: impl FnOnce(&[UserId]) -> Result<(), E>,
    ) -> Result<Vec<UserId>, E> {
        let ids: Vec<UserId> = people.iter().map(|_| UserId::new()).collect();
        let transaction = self.begin().await?;
        for (ids, people) in ids.chunks(ROWS_AT_ONCE).zip(people.chunks(ROWS_AT_ONCE)) {
            let rows =
                ids.iter().zip(people).map(|(id, (name, email))| row(*id, name, email, Some(password_hash), now));
            let inserted = user::Entity::insert_many(rows).exec_without_returning(&transaction).await;
            inserted.map_err(Fault::from)?;
            let named = ids.iter().zip(people).map(|(id, (name, _))| (*id, fold(name.as_str())));
            grams::add(&transaction, &named.collect::<Vec<_>>()).await?;
            create_self_chats(&transaction, ids).await?;
        }
        agree(&ids)?;
        transaction.commit().await.map_err(Fault::from)?;
        Ok(ids)
    }

    /// Replaces a password hash, unless the password was changed meanwhile. Says whether it did.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn replace_hash(&self, id: UserId, old: &str, new: &str) -> Result<bool, Fault> {
        let replaced = user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(new))
            .filter(user::Column::Id.eq(id.0))
            .filter(user::Column::PasswordHash.eq(old))
            .exec(&self.writer)
            .await?;
        Ok(replaced.rows_affected == 1)
    }
}

/// The row of an address.
pub(super) async fn find(on: &impl ConnectionTrait, email: &Email) -> Result<Option<user::Model>, Fault> {
    Ok(user::Entity::find().filter(user::Column::Email.eq(email.as_str())).one(on).await?)
}

/// Without a password the user is waiting to be verified.
pub(super) fn row(
    id: UserId,
    name: &Name,
    email: &Email,
    password_hash: Option<&str>,
    now: Timestamp,
) -> user::ActiveModel {
    user::ActiveModel {
        id: Set(id.0),
        email: Set(email.to_string()),
        name: Set(name.to_string()),
        name_folded: Set(fold(name.as_str())),
        password_hash: Set(password_hash.unwrap_or_default().into()),
        verified: Set(password_hash.is_some()),
        created_at: Set(now.0),
        ..privacy::columns(Privacy::default())
    }
}
