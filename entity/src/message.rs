//! What was said.
use sea_orm::entity::prelude::*;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    /// The chat.
    #[sea_orm(primary_key, auto_increment = false)]
    pub chat_id: Uuid,
    /// The place in the chat: 1, 2, 3 … without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// The message's own id.
    pub id: Uuid,
    /// Who said it.
    pub sender_id: Uuid,
    /// What was said.
    #[sea_orm(column_type = "Text")]
    pub content: String,
    /// The sender's idempotency key, unique per chat and sender.
    pub client_id: Option<String>,
    /// When the server took it.
    pub sent_at: i64,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
