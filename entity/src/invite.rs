//! Invitations into groups.
use sea_orm::entity::prelude::*;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invite")]
pub struct Model {
    /// Its token is derived from this and the server's key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The group.
    #[sea_orm(indexed)]
    pub chat_id: Uuid,
    /// Who made it.
    #[sea_orm(indexed)]
    pub by_id: Uuid,
    /// When.
    pub created_at: i64,
    /// Until when it lets anybody in.
    #[sea_orm(indexed)]
    pub expires_at: i64,
    /// How many it lets in at most.
    pub max_uses: Option<i32>,
    /// How many it has let in.
    pub uses: i32,
    /// Whether somebody ended it, or its maker may make it no more.
    pub revoked: bool,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
