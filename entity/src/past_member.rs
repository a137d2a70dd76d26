//! Who was in which chat and is not any more. What they said there is still theirs to export.
use sea_orm::entity::prelude::*;

/// One membership that ended.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "past_member")]
pub struct Model {
    /// Who was a member.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The chat.
    #[sea_orm(primary_key, auto_increment = false, indexed)]
    pub chat_id: Uuid,
    /// The last change of what this member alone saw: the next begins there.
    pub own: i64,
    /// Until when the user may not say anything there.
    pub muted_until: Option<i64>,
    /// When the user last said something there in slow mode.
    pub last_sent_at: Option<i64>,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
