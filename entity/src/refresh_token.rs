//! Refresh tokens of a login, each spent once. Only hashes are kept.
use sea_orm::entity::prelude::*;

/// One refresh token.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    /// SHA-256 of the token, in hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// The login it belongs to.
    #[sea_orm(indexed)]
    pub session_id: Uuid,
    /// When it was given out.
    pub created_at: i64,
    /// When it stops working unused.
    pub expires_at: i64,
    /// When it was exchanged for its successor.
    pub spent_at: Option<i64>,
    /// The hash of the token that replaced it.
    pub successor_hash: Option<String>,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
