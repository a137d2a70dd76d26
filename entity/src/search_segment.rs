//! Parts of the index of words: each of some messages that follow each other in their chat. A segment is never changed, only
//! replaced by another.
use sea_orm::entity::prelude::*;

/// One segment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_segment")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The chat.
    #[sea_orm(indexed)]
    pub chat_id: Uuid,
    /// The first message in it.
    pub first_seq: i64,
    /// The last message in it.
    pub last_seq: i64,
    /// How many messages are in it.
    pub messages: i32,
    /// When the earliest of them was said.
    pub first_at: i64,
    /// When the latest of them was said.
    pub last_at: i64,
    /// When each of them was said.
    pub times: Vec<u8>,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
