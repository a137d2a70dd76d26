//! Those who may not come into a group.
use sea_orm::entity::prelude::*;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ban")]
pub struct Model {
    /// The group.
    #[sea_orm(primary_key, auto_increment = false)]
    pub chat_id: Uuid,
    /// Who.
    #[sea_orm(primary_key, auto_increment = false, indexed)]
    pub user_id: Uuid,
    /// By whom.
    pub by_id: Uuid,
    /// Since when.
    pub at: i64,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
