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
    /// The last change of the message; 0 if there was none.
    pub rev: i64,
    /// When its content was last changed.
    pub edited_at: Option<i64>,
    /// How often that was.
    pub edits: i32,
    /// When it was deleted. Then nothing is left of it but its place.
    pub deleted_at: Option<i64>,
    /// Who deleted it.
    pub deleted_by: Option<Uuid>,
    /// The place of the message that it answers.
    pub reply_to: Option<i64>,
    /// Whether it was said elsewhere first.
    pub forwarded: bool,
    /// Whom it mentions: ids, and `all`, with commas between them.
    #[sea_orm(column_type = "Text", nullable)]
    pub mentions: Option<String>,
    /// Each emoji with how many reacted and the first of them, as JSON.
    #[sea_orm(column_type = "Text", nullable)]
    pub reactions: Option<String>,
    /// Since when it is pinned.
    pub pinned_at: Option<i64>,
    /// The files that it brings along, as JSON.
    #[sea_orm(column_type = "Text", nullable)]
    pub attachments: Option<String>,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
