//! The end of what is kept about logins, sign-ups and invitations. Each kind of row goes some time after it has come to its end, a
//! bounded piece at a time, so that messages are stored in between.
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait, JoinType, QueryFilter,
    QuerySelect, QueryTrait, RelationDef, Select, TryGetable, Value,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait},
};

use super::logins::its_tokens;
use crate::{
    domain::Timestamp,
    measure::Count,
    store::{Fault, Store},
};
use entity::{invite, mail_token, refresh_token, session, user};

/// So many rows go in one transaction at most.
const PIECE: u64 = 200;

/// What comes to an end, in the order in which it is removed: a login outlives its refresh tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Refresh tokens that do not work any more because of their age.
    RefreshTokens,
    /// Refresh tokens of logins that are over.
    TokensOfLogins,
    /// Logins that are over.
    Logins,
    /// Mailed links and codes of verified accounts that do not work any more.
    MailTokens,
    /// What superseded sign-ups chose, password hashes included: tokens of accounts that nobody verified yet.
    SignUps,
    /// Accounts that nobody verified, nor signed up for again.
    Unverified,
    /// Invitations that let nobody in any more because of their age.
    Invites,
}

impl Ended {
    /// All kinds, in their order.
    pub const ALL: [Self; 7] = [
        Self::RefreshTokens,
        Self::TokensOfLogins,
        Self::Logins,
        Self::MailTokens,
        Self::SignUps,
        Self::Unverified,
        Self::Invites,
    ];

    /// Its name in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RefreshTokens => "refresh_token",
            Self::TokensOfLogins => "refresh_token_of_ended_login",
            Self::Logins => "login",
            Self::MailTokens => "mail_token",
            Self::SignUps => "sign_up",
            Self::Unverified => "unverified_account",
            Self::Invites => "invite",
        }
    }
}

/// Rows that were removed, by kind.
#[derive(Debug, Default)]
pub struct Removed([Count; Ended::ALL.len()]);

impl Removed {
    /// How many of a kind so far.
    pub fn get(&self, kind: Ended) -> u64 {
        self.0[kind as usize].get()
    }
}

impl Store {
    /// Removes rows of a kind that came to their end before `before`, one piece. Says whether there may be more.
    ///
    /// # Errors
    /// A fault of the database. What earlier pieces removed is gone.
    pub async fn remove_ended(&self, kind: Ended, before: Timestamp) -> Result<bool, Fault> {
        let piece = match kind {
            Ended::RefreshTokens => {
                self.remove::<_, String>(aged_tokens(before), refresh_token::Column::TokenHash).await?
            }
            Ended::TokensOfLogins => {
                self.remove::<_, String>(tokens_of_ended(before), refresh_token::Column::TokenHash).await?
            }
            Ended::Logins => self.remove::<_, Uuid>(ended_logins(before), session::Column::Id).await?,
            Ended::MailTokens => self.remove::<_, Uuid>(mailed(before), mail_token::Column::Id).await?,
            Ended::SignUps => self.remove::<_, Uuid>(superseded(before), mail_token::Column::Id).await?,
            Ended::Unverified => self.remove_unverified(before).await?,
            Ended::Invites => {
                let aged = invite::Entity::find().filter(invite::Column::ExpiresAt.lt(before.0));
                self.remove::<_, Uuid>(aged, invite::Column::Id).await?
            }
        };
        self.stats.removed.0[kind as usize].add(piece.removed);
        Ok(piece.found == PIECE)
    }

    /// What is over stays over, so it may be found first and removed then.
    async fn remove<E, K>(&self, which: Select<E>, key: E::Column) -> Result<Piece, Fault>
    where
        E: EntityTrait,
        K: TryGetable + Into<Value>,
    {
        let keys: Vec<K> = which.select_only().column(key).limit(PIECE).into_tuple().all(&self.reader).await?;
        let found = keys.len() as u64;
        if keys.is_empty() {
            return Ok(Piece::default());
        }
        let gone = E::delete_many().filter(key.is_in(keys)).exec(&self.writer).await?;
        Ok(Piece { found, removed: gone.rows_affected })
    }

    /// Somebody may be signing up or verifying at this very moment: the rows are locked, and then asked once more.
    async fn remove_unverified(&self, before: Timestamp) -> Result<Piece, Fault> {
        let ids: Vec<Uuid> = unverified(before)
            .select_only()
            .column(user::Column::Id)
            .limit(PIECE)
            .into_tuple()
            .all(&self.reader)
            .await?;
        let found = ids.len() as u64;
        if ids.is_empty() {
            return Ok(Piece::default());
        }
        let transaction = self.begin().await?;
        lock(&transaction, &ids).await?;
        let still: Vec<Uuid> = unverified(before)
            .filter(user::Column::Id.is_in(ids))
            .select_only()
            .column(user::Column::Id)
            .into_tuple()
            .all(&transaction)
            .await?;
        let gone = user::Entity::delete_many().filter(user::Column::Id.is_in(still)).exec(&transaction).await?;
        transaction.commit().await?;
        Ok(Piece { found, removed: gone.rows_affected })
    }
}

/// What was found of a kind, and what of it was removed.
#[derive(Default)]
struct Piece {
    found: u64,
    removed: u64,
}

fn aged_tokens(before: Timestamp) -> Select<refresh_token::Entity> {
    refresh_token::Entity::find().filter(refresh_token::Column::ExpiresAt.lt(before.0))
}

fn tokens_of_ended(before: Timestamp) -> Select<refresh_token::Entity> {
    refresh_token::Entity::find().join(JoinType::InnerJoin, its_tokens().rev()).filter(is_over(before))
}

/// Those that still have tokens wait for these to go, or one row would take any number with it.
fn ended_logins(before: Timestamp) -> Select<session::Entity> {
    let tokens = refresh_token::Entity::find().select_only().column(refresh_token::Column::TokenHash).filter(
        Expr::col((refresh_token::Entity, refresh_token::Column::SessionId))
            .equals((session::Entity, session::Column::Id)),
    );
    session::Entity::find().filter(is_over(before)).filter(Expr::exists(tokens.into_query()).not())
}

fn is_over(before: Timestamp) -> Condition {
    Condition::any().add(session::Column::RevokedAt.lt(before.0)).add(session::Column::ExpiresAt.lt(before.0))
}

fn mailed(before: Timestamp) -> Select<mail_token::Entity> {
    of_accounts(true).filter(mail_token::Column::ExpiresAt.lt(before.0))
}

fn superseded(before: Timestamp) -> Select<mail_token::Entity> {
    of_accounts(false).filter(mail_token::Column::CreatedAt.lt(before.0))
}

fn of_accounts(verified: bool) -> Select<mail_token::Entity> {
    let account: RelationDef =
        mail_token::Entity::belongs_to(user::Entity).from(mail_token::Column::UserId).to(user::Column::Id).into();
    mail_token::Entity::find().join(JoinType::InnerJoin, account).filter(user::Column::Verified.eq(verified))
}

/// Accounts that nobody verified, and that nobody signed up for since.
fn unverified(before: Timestamp) -> Select<user::Entity> {
    let newer = mail_token::Entity::find()
        .select_only()
        .column(mail_token::Column::Id)
        .filter(Expr::col((mail_token::Entity, mail_token::Column::UserId)).equals((user::Entity, user::Column::Id)))
        .filter(mail_token::Column::CreatedAt.gte(before.0));
    user::Entity::find()
        .filter(user::Column::Verified.eq(false))
        .filter(user::Column::CreatedAt.lt(before.0))
        .filter(Expr::exists(newer.into_query()).not())
}

/// SQLite's transaction has locked the whole database already.
async fn lock(transaction: &DatabaseTransaction, users: &[Uuid]) -> Result<(), Fault> {
    if transaction.get_database_backend() != DatabaseBackend::Sqlite {
        let rows =
            user::Entity::find().select_only().column(user::Column::Id).filter(user::Column::Id.is_in(users.to_vec()));
        rows.lock_exclusive().into_tuple::<Uuid>().all(transaction).await?;
    }
    Ok(())
}
