//! Whether a login is in force. One that was ended admits nobody, whatever its tokens say.
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, QueryTrait, Select, prelude::Uuid,
};

use super::{
    logins::{its_tokens, its_user},
    privacy::PrivacyColumns,
};
use crate::{
    domain::{Email, LoginId, Name, Privacy, Timestamp, UserId},
    store::{Fault, Store},
};
use entity::{refresh_token, session, user};

/// A login in force and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Its id.
    pub id: LoginId,
    /// Whose.
    pub user: UserId,
    /// The name shown to others.
    pub name: Name,
    /// The address.
    pub email: Email,
    /// When it was last heard of.
    pub last_seen: Timestamp,
    /// What the user lets others know.
    pub privacy: Privacy,
}

/// A refresh token that somebody brought, and the login in force that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The login.
    pub login: Login,
    /// It was exchanged for its successor already.
    pub spent: bool,
    /// It was not used in time.
    pub stale: bool,
}

#[derive(FromQueryResult)]
pub(super) struct LoginRow {
    login: Uuid,
    user: Uuid,
    name: String,
    email: String,
    last_seen: i64,
    #[sea_orm(nested)]
    privacy: PrivacyColumns,
}

#[derive(FromQueryResult)]
struct PresentedRow {
    #[sea_orm(nested)]
    login: LoginRow,
    spent_at: Option<i64>,
    token_expires_at: i64,
}

impl Store {
    /// The login, if it is in force. One query.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn login(&self, id: LoginId, now: Timestamp) -> Result<Option<Login>, Fault> {
        let nobody = Uuid::nil();
        let never = i64::MIN;
        let write = || in_force(Timestamp(never)).filter(session::Column::Id.eq(nobody)).build(self.backend());
        let values = [(nobody.into(), id.0.into()), (never.into(), now.0.into())];
        let query = self.cached.login.bind(write, &values);
        Ok(LoginRow::find_by_statement(query).one(&self.reader).await?.map(Login::from))
    }

    /// The login of a refresh token, if the login is in force. One query.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn login_by_refresh(&self, hash: &str, now: Timestamp) -> Result<Option<Presented>, Fault> {
        let row = in_force(now)
            .join(JoinType::InnerJoin, its_tokens())
            .filter(refresh_token::Column::TokenHash.eq(hash))
            .column_as(refresh_token::Column::SpentAt, "spent_at")
            .column_as(refresh_token::Column::ExpiresAt, "token_expires_at")
            .into_model::<PresentedRow>()
            .one(&self.reader)
            .await?;
        Ok(row.map(|row| Presented {
            login: row.login.into(),
            spent: row.spent_at.is_some(),
            stale: row.token_expires_at <= now.0,
        }))
    }
}

impl From<LoginRow> for Login {
    fn from(row: LoginRow) -> Self {
        Self {
            id: LoginId(row.login),
            user: UserId(row.user),
            name: Name::stored(&row.name),
            email: Email::stored(&row.email),
            last_seen: Timestamp(row.last_seen),
            privacy: row.privacy.into(),
        }
    }
}

/// Logins in force, with whose they are.
pub(super) fn in_force(now: Timestamp) -> Select<session::Entity> {
    session::Entity::find()
        .join(JoinType::InnerJoin, its_user())
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now.0))
        .filter(user::Column::Verified.eq(true))
        .select_only()
        .column_as(session::Column::Id, "login")
        .column_as(user::Column::Id, "user")
        .column_as(user::Column::Name, "name")
        .column_as(user::Column::Email, "email")
        .column_as(session::Column::LastSeenAt, "last_seen")
        .columns([user::Column::Presence, user::Column::AddToGroups, user::Column::ReadReceipts, user::Column::Typing])
}
