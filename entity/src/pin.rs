//! Which messages are pinned: few of each chat, found without a look at all others.
use sea_orm::entity::prelude::*;

/// One pinned message.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pin")]
pub struct Model {
    /// The chat.
    #[sea_orm(primary_key, auto_increment = false)]
    pub chat_id: Uuid,
    /// The message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
