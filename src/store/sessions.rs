//! Logins and their refresh tokens. Tokens arrive hashed. A revoked session admits nobody, whatever its tokens say.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    RelationDef, prelude::Uuid, sea_query::Expr,
};

use super::{Fault, Store};
use crate::domain::{Email, Name, SessionId, Timestamp, UserId};
use entity::{refresh_token, session, user};

const ROWS_AT_ONCE: usize = 500;

/// A login to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLogin {
    /// Its id, named in access tokens.
    pub session: SessionId,
    /// The hash of its first refresh token.
    pub refresh_hash: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The network address it was opened from.
    pub ip: String,
    /// The program it was opened with.
    pub user_agent: String,
}

/// A session in force and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The session.
    pub session: SessionId,
    /// Whose.
    pub user: UserId,
    /// The name shown to others.
    pub name: Name,
    /// The address.
    pub email: Email,
}

#[derive(FromQueryResult)]
struct StandingRow {
    session: Uuid,
    user: Uuid,
    name: String,
    email: String,
}

impl NewLogin {
    pub(super) async fn insert(&self, on: &impl ConnectionTrait, user: UserId, now: Timestamp) -> Result<(), Fault> {
        session::Entity::insert(self.session(user, now)).exec_without_returning(on).await?;
        refresh_token::Entity::insert(self.token(now)).exec_without_returning(on).await?;
        Ok(())
    }

    fn session(&self, user: UserId, now: Timestamp) -> session::ActiveModel {
        session::ActiveModel {
            id: Set(self.session.0),
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
            session_id: Set(self.session.0),
            created_at: Set(now.0),
            expires_at: Set(self.expires_at.0),
            spent_at: Set(None),
            successor_hash: Set(None),
        }
    }
}

impl Store {
    /// Opens logins, all of them or none.
    pub async fn open_logins(&self, logins: &[(UserId, NewLogin)], now: Timestamp) -> Result<(), Fault> {
        let transaction = self.begin().await?;
        for logins in logins.chunks(ROWS_AT_ONCE) {
            let sessions = logins.iter().map(|(user, login)| login.session(*user, now));
            session::Entity::insert_many(sessions).exec_without_returning(&transaction).await?;
            let tokens = logins.iter().map(|(_, login)| login.token(now));
            refresh_token::Entity::insert_many(tokens).exec_without_returning(&transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The session, if it is in force. One query.
    pub async fn standing(&self, session: SessionId, now: Timestamp) -> Result<Option<Standing>, Fault> {
        let query = session::Entity::find().filter(session::Column::Id.eq(session.0));
        self.one_standing(query, now).await
    }

    /// The session of an unspent refresh token, if both are in force. One query.
    pub async fn standing_by_refresh(&self, hash: &str, now: Timestamp) -> Result<Option<Standing>, Fault> {
        let query = session::Entity::find()
            .join(JoinType::InnerJoin, its_tokens())
            .filter(refresh_token::Column::TokenHash.eq(hash))
            .filter(refresh_token::Column::SpentAt.is_null())
            .filter(refresh_token::Column::ExpiresAt.gt(now.0));
        self.one_standing(query, now).await
    }

    async fn one_standing(
        &self,
        query: sea_orm::Select<session::Entity>,
        now: Timestamp,
    ) -> Result<Option<Standing>, Fault> {
        let row = query
            .join(JoinType::InnerJoin, its_user())
            .filter(session::Column::RevokedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now.0))
            .filter(user::Column::Verified.eq(true))
            .select_only()
            .column_as(session::Column::Id, "session")
            .column_as(user::Column::Id, "user")
            .column_as(user::Column::Name, "name")
            .column_as(user::Column::Email, "email")
            .into_model::<StandingRow>()
            .one(&self.reader)
            .await?;
        Ok(row.map(|row| Standing {
            session: SessionId(row.session),
            user: UserId(row.user),
            name: Name::stored(&row.name),
            email: Email::stored(&row.email),
        }))
    }

    /// The session that a refresh token belongs to, in force or not.
    pub async fn session_of_refresh(&self, hash: &str) -> Result<Option<SessionId>, Fault> {
        let token = refresh_token::Entity::find_by_id(hash).one(&self.reader).await?;
        Ok(token.map(|token| SessionId(token.session_id)))
    }

    /// Ends a session. False if it was over already or never was.
    pub async fn revoke(&self, session: SessionId, now: Timestamp) -> Result<bool, Fault> {
        let updated = session::Entity::update_many()
            .col_expr(session::Column::RevokedAt, Expr::value(now.0))
            .filter(session::Column::Id.eq(session.0))
            .filter(session::Column::RevokedAt.is_null())
            .exec(&self.writer)
            .await?;
        Ok(updated.rows_affected == 1)
    }
}

fn its_user() -> RelationDef {
    session::Entity::belongs_to(user::Entity).from(session::Column::UserId).to(user::Column::Id).into()
}

fn its_tokens() -> RelationDef {
    let relation = refresh_token::Entity::belongs_to(session::Entity)
        .from(refresh_token::Column::SessionId)
        .to(session::Column::Id);
    RelationDef::from(relation).rev()
}
