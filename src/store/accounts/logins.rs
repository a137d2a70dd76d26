//! Logins: opened, listed and ended. Their refresh tokens arrive hashed.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait,
    JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef, prelude::Uuid, sea_query::Expr,
};

use crate::{
    domain::{Email, LoginId, News, Timestamp, UserId},
    store::{Fault, Store, sql::despite_deadlocks},
};
use entity::{refresh_token, session, user};

const ROWS_AT_ONCE: usize = 500;

/// Why logins are over, as their sockets are told: somebody logged out.
pub const LOGGED_OUT: &str = "Logged out";
/// There is a new password.
pub const PASSWORD_CHANGED: &str = "Password changed";
/// The account is gone.
pub const ACCOUNT_DELETED: &str = "Account deleted";
/// A refresh token was used twice.
pub const SESSION_ENDED: &str = "Session ended";

/// What other nodes hear of logins that are over.
pub(super) fn ended(user: UserId, logins: &[LoginId], reason: &str) -> News {
    News::Ended { user, logins: logins.to_vec(), reason: reason.to_owned() }
}

/// A login to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLogin {
    /// Its id, named in access tokens.
    pub id: LoginId,
    /// The hash of its first refresh token.
    pub refresh_hash: String,
    /// When it ends, however much it is used.
    pub expires_at: Timestamp,
    /// When its first refresh token stops working unused.
    pub idle_until: Timestamp,
    /// The network address it was opened from.
    pub ip: String,
    /// The program it was opened with.
    pub user_agent: String,
}

/// A login as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnLogin {
    /// Its id.
    pub id: LoginId,
    /// When the login happened.
    pub created_at: Timestamp,
    /// When it was last heard of.
    pub last_seen_at: Timestamp,
    /// The network address it was opened from.
    pub ip: String,
    /// The program it was opened with.
    pub user_agent: String,
}

impl From<session::Model> for OwnLogin {
    fn from(row: session::Model) -> Self {
        Self {
            id: LoginId(row.id),
            created_at: Timestamp(row.created_at),
            last_seen_at: Timestamp(row.last_seen_at),
            ip: row.ip,
            user_agent: row.user_agent,
        }
    }
}

impl NewLogin {
    pub(super) async fn insert(&self, on: &impl ConnectionTrait, user: UserId, now: Timestamp) -> Result<(), Fault> {
        session::Entity::insert(self.row(user, now)).exec_without_returning(on).await?;
        refresh_token::Entity::insert(self.token(now)).exec_without_returning(on).await?;
        Ok(())
    }

    fn row(&self, user: UserId, now: Timestamp) -> session::ActiveModel {
        session::ActiveModel {
            id: Set(self.id.0),
            user_id: Set(user.0),
            created_at: Set(now.0),
            last_seen_at: Set(now.0),
            expires_at: Set(self.expires_at.0),
            revoked_at: Set(None),
            ip: Set(self.ip.clone()),
            user_agent: Set(self.user_agent.clone()),
        }
    }

    fn token(&self, now: Timestamp) -> refresh_token::ActiveModel {
        refresh_token::ActiveModel {
            token_hash: Set(self.refresh_hash.clone()),
            session_id: Set(self.id.0),
            created_at: Set(now.0),
            expires_at: Set(self.idle_until.0),
            spent_at: Set(None),
            successor_hash: Set(None),
        }
    }
}

impl Store {
    /// Opens a login for whoever knows the password that is stored as `password_hash`. False if that was replaced
    /// meanwhile: the logins that this ended are all there are.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn open_login(
        &self,
        user: UserId,
        password_hash: &str,
        login: &NewLogin,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        despite_deadlocks("a login", || self.try_to_open(user, password_hash, login, now)).await
    }

    async fn try_to_open(
        &self,
        user: UserId,
        password_hash: &str,
        login: &NewLogin,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let transaction = self.begin().await?;
        if !lock_password(&transaction, user, password_hash).await? {
            return Ok(false);
        }
        login.insert(&transaction, user, now).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Opens logins, all of them or none.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn open_logins(&self, logins: &[(UserId, NewLogin)], now: Timestamp) -> Result<(), Fault> {
        let transaction = self.begin().await?;
        for logins in logins.chunks(ROWS_AT_ONCE) {
            let rows = logins.iter().map(|(user, login)| login.row(*user, now));
            session::Entity::insert_many(rows).exec_without_returning(&transaction).await?;
            let tokens = logins.iter().map(|(_, login)| login.token(now));
            refresh_token::Entity::insert_many(tokens).exec_without_returning(&transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The login was heard of.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn touch(&self, login: LoginId, now: Timestamp) -> Result<(), Fault> {
        touch(&self.writer, login.0, now).await
    }

    /// The user and the login that a refresh token belongs to, in force or not.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn login_id_by_refresh(&self, hash: &str) -> Result<Option<(UserId, LoginId)>, Fault> {
        let login = session::Entity::find()
            .join(JoinType::InnerJoin, its_tokens())
            .filter(refresh_token::Column::TokenHash.eq(hash));
        let login = login.one(&self.reader).await?;
        Ok(login.map(|login| (UserId(login.user_id), LoginId(login.id))))
    }

    /// Ends a login. False if it was over already or never was.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn end_login(&self, user: UserId, login: LoginId, now: Timestamp) -> Result<bool, Fault> {
        self.end_one(user, login, Condition::all().add(session::Column::Id.eq(login.0)), now).await
    }

    async fn end_one(&self, user: UserId, login: LoginId, which: Condition, now: Timestamp) -> Result<bool, Fault> {
        if self.line().is_none() {
            return Ok(end(&self.writer, which, now).await? == 1);
        }
        let mut transaction = self.begin_told().await?;
        let is_over = end(&*transaction, which, now).await? == 1;
        if is_over {
            transaction.tell(ended(user, &[login], LOGGED_OUT), None);
        }
        transaction.commit().await?;
        Ok(is_over)
    }

    /// Other nodes hear that a login is over, because a refresh token of it was used twice.
    ///
    /// # Errors
    /// A fault of the database: they do not.
    pub async fn tell_reuse(&self, user: UserId, login: LoginId) -> Result<(), Fault> {
        if self.line().is_none() {
            return Ok(());
        }
        let mut transaction = self.begin_told().await?;
        transaction.tell(ended(user, &[login], SESSION_ENDED), None);
        transaction.commit().await
    }

    /// Ends a login if it is this user's. False if it is not, or was over already.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn end_own_login(&self, user: UserId, login: LoginId, now: Timestamp) -> Result<bool, Fault> {
        let own = Condition::all().add(session::Column::Id.eq(login.0)).add(session::Column::UserId.eq(user.0));
        self.end_one(user, login, own, now).await
    }

    /// Whether the account of this address has a login, over or not, that was opened from `ip`.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn has_login_from(&self, email: &Email, ip: &str, now: Timestamp) -> Result<bool, Fault> {
        let found = session::Entity::find()
            .select_only()
            .column(session::Column::Id)
            .join(JoinType::InnerJoin, its_user())
            .filter(user::Column::Email.eq(email.as_str()))
            .filter(session::Column::Ip.eq(ip))
            .filter(session::Column::ExpiresAt.gt(now.0));
        // The first will do: whoever guesses passwords has this asked.
        Ok(found.into_tuple::<Uuid>().one(&self.reader).await?.is_some())
    }

    /// The user's logins in force, the latest used first.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn own_logins(&self, user: UserId, now: Timestamp) -> Result<Vec<OwnLogin>, Fault> {
        let rows = open_rows(user, now).order_by_desc(session::Column::LastSeenAt).all(&self.reader).await?;
        Ok(rows.into_iter().map(OwnLogin::from).collect())
    }
}

pub(super) async fn touch(on: &impl ConnectionTrait, login: Uuid, now: Timestamp) -> Result<(), Fault> {
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(now.0))
        .filter(session::Column::Id.eq(login))
        .exec(on)
        .await?;
    Ok(())
}

pub(super) fn its_user() -> RelationDef {
    session::Entity::belongs_to(user::Entity).from(session::Column::UserId).to(user::Column::Id).into()
}

pub(super) fn its_tokens() -> RelationDef {
    let relation = refresh_token::Entity::belongs_to(session::Entity)
        .from(refresh_token::Column::SessionId)
        .to(session::Column::Id);
    RelationDef::from(relation).rev()
}

fn open_rows(user: UserId, now: Timestamp) -> sea_orm::Select<session::Entity> {
    session::Entity::find()
        .filter(session::Column::UserId.eq(user.0))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now.0))
}

/// Ends all logins of a user but one, within the transaction that gives the reason. Returns those that were open.
pub(super) async fn end_all(
    on: &impl ConnectionTrait,
    user: UserId,
    but: Option<LoginId>,
    now: Timestamp,
) -> Result<Vec<LoginId>, Fault> {
    let mut ended: Vec<_> = open_rows(user, now).all(on).await?.into_iter().map(|row| LoginId(row.id)).collect();
    ended.retain(|login| Some(*login) != but);
    let condition = Condition::all()
        .add(session::Column::UserId.eq(user.0))
        .add_option(but.map(|but| session::Column::Id.ne(but.0)));
    end(on, condition, now).await?;
    Ok(ended)
}

/// Ends those logins that are not over yet, and says how many.
pub(super) async fn end(on: &impl ConnectionTrait, which: Condition, now: Timestamp) -> Result<u64, Fault> {
    let updated = session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(now.0))
        .filter(which)
        .filter(session::Column::RevokedAt.is_null())
        .exec(on)
        .await?;
    Ok(updated.rows_affected)
}

/// Whether the account of `user` has this password, which nobody replaces before the transaction ends.
async fn lock_password(on: &DatabaseTransaction, user: UserId, hash: &str) -> Result<bool, Fault> {
    let query = user::Entity::find_by_id(user.0).filter(user::Column::PasswordHash.eq(hash));
    let query = match on.get_database_backend() {
        DatabaseBackend::Postgres => query.lock_shared(),
        DatabaseBackend::MySql => query.lock_exclusive(),
        _ => query,
    };
    Ok(query.one(on).await?.is_some())
}
