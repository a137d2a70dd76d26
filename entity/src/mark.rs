//! What one member alone sees on a message.
use sea_orm::entity::prelude::*;

/// One member's marks on one message.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mark")]
pub struct Model {
    /// The chat.
    #[sea_orm(primary_key, auto_increment = false)]
    pub chat_id: Uuid,
    /// The message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// The member.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The last change of these marks, in the member's own count for the chat.
    pub own: i64,
    /// What the member reacted with, in that order, with blanks between.
    #[sea_orm(column_type = "Text", nullable)]
    pub reactions: Option<String>,
    /// Since when it is starred.
    pub starred_at: Option<i64>,
    /// Whether the member does not want to see it.
    pub hidden: bool,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
