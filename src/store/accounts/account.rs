//! Accounts: signing up, being found at login, and being added by the operator. `auth` asks; passwords arrive hashed.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    SqliteTransactionMode, TransactionOptions, TransactionTrait, sea_query::Expr,
};

use super::{NewMail, NewMailToken, people::fold};
use crate::{
    domain::{Email, Name, Timestamp, UserId},
    store::{Fault, Store, chats::found_self_chats},
};
use entity::{mail_token, user};

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

/// What one sign-up chose, kept with its own mail token until that token is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    /// The address to be proven.
    pub email: Email,
    /// The chosen name.
    pub name: Name,
    /// The chosen password, hashed.
    pub password_hash: String,
    /// What is mailed, hashed.
    pub token: NewMailToken,
    /// The mail with the token, or else the hint that there is an account.
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

impl Store {
    /// The account with this address, verified or waiting.
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

    /// Keeps a sign-up until its token is used. Earlier sign-ups of the same address stay as they are.
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
        let token = sign_up.token.row(id, &sign_up.email, Some(chosen), now);
        mail_token::Entity::insert(token).exec_without_returning(&transaction).await?;
        sign_up.mail.insert(&transaction, true, now).await?;
        transaction.commit().await?;
        Ok(SignedUp::Waiting)
    }

    /// Adds verified people with one password hash, each with a self chat. All of them or none.
    pub async fn add_verified(
        &self,
        people: &[(Name, Email)],
        password_hash: &str,
        now: Timestamp,
    ) -> Result<Vec<UserId>, Fault> {
        self.add_verified_if(people, password_hash, now, |_| Ok(())).await
    }

    /// The same, unless `agree` refuses to: it is asked before anybody else sees them.
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
            found_self_chats(&transaction, ids).await?;
        }
        agree(&ids)?;
        transaction.commit().await.map_err(Fault::from)?;
        Ok(ids)
    }

    /// Replaces a password hash, unless the password was changed meanwhile. Says whether it did.
    pub async fn replace_hash(&self, id: UserId, old: &str, new: &str) -> Result<bool, Fault> {
        let replaced = user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(new))
            .filter(user::Column::Id.eq(id.0))
            .filter(user::Column::PasswordHash.eq(old))
            .exec(&self.writer)
            .await?;
        Ok(replaced.rows_affected == 1)
    }

    /// A transaction that will write. SQLite takes its lock at once: a transaction that read first could not get it
    /// any more after another process wrote.
    pub(in crate::store) async fn begin(&self) -> Result<DatabaseTransaction, Fault> {
        let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode, ..Default::default() };
        Ok(self.writer.begin_with_options(options).await?)
    }
}

pub(super) async fn find(on: &impl ConnectionTrait, email: &Email) -> Result<Option<user::Model>, Fault> {
    Ok(user::Entity::find().filter(user::Column::Email.eq(email.as_str())).one(on).await?)
}

/// The newest sign-up of an unverified user, whether or not its token still works. Ids are in the order in which they were
/// made, also where the clock was set back meanwhile.
pub(super) async fn newest_sign_up(
    on: &impl ConnectionTrait,
    user: sea_orm::prelude::Uuid,
) -> Result<Option<mail_token::Model>, Fault> {
    Ok(mail_token::Entity::find()
        .filter(mail_token::Column::UserId.eq(user))
        .filter(mail_token::Column::PasswordHash.is_not_null())
        .order_by_desc(mail_token::Column::Id)
        .one(on)
        .await?)
}

/// Without a password the user is waiting to be verified.
fn row(id: UserId, name: &Name, email: &Email, password_hash: Option<&str>, now: Timestamp) -> user::ActiveModel {
    user::ActiveModel {
        id: Set(id.0),
        email: Set(email.to_string()),
        name: Set(name.to_string()),
        name_folded: Set(fold(name.as_str())),
        password_hash: Set(password_hash.unwrap_or_default().into()),
        verified: Set(password_hash.is_some()),
        created_at: Set(now.0),
    }
}
