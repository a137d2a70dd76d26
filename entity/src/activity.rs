//! What happened in a group beside what was said: who came, left, and was made what.
use sea_orm::entity::prelude::*;

/// One change of a group.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activity")]
pub struct Model {
    /// The group.
    #[sea_orm(primary_key, auto_increment = false)]
    pub chat_id: Uuid,
    /// The change's number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub rev: i64,
    /// The newest message then.
    pub after_seq: i64,
    /// When.
    pub at: i64,
    /// 0 added, 1 left, 2 removed, 3 made admin.
    pub what: i16,
    /// The role that was given, or what was edited, a bit each.
    pub detail: i16,
    /// Who did it.
    pub by_id: Uuid,
    /// The name of that person then.
    pub by_name: String,
    /// Whom it concerns.
    pub user_id: Uuid,
    /// The name of that person then.
    pub user_name: String,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
