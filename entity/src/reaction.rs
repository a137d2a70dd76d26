//! Who reacted to what with which emoji.
use sea_orm::entity::prelude::*;

/// One person's one emoji on a message.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reaction")]
pub struct Model {
    /// The chat.
    #[sea_orm(primary_key, auto_increment = false)]
    pub chat_id: Uuid,
    /// The message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// The emoji without what only asks for colour: by this it is told apart.
    #[sea_orm(primary_key, auto_increment = false)]
    pub bare: String,
    /// Who reacted.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The emoji in the form first used on the message.
    pub emoji: String,
    /// The change of the chat that it was: reactions stand in this order.
    pub rev: i64,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
