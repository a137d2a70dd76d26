//! Logins: one row per login, ended by logout, revocation or a change of password.
use sea_orm::entity::prelude::*;

/// One login.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Named in the access token as `sid`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose login.
    #[sea_orm(indexed)]
    pub user_id: Uuid,
    /// When the login happened.
    pub created_at: i64,
    /// When it was last used.
    pub last_seen_at: i64,
    /// When it ends at the latest.
    pub expires_at: i64,
    /// Set once the login was ended.
    pub revoked_at: Option<i64>,
    /// The address it was opened from.
    pub ip: String,
    /// The program it was opened with.
    pub user_agent: String,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
