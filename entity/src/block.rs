//! People who want to have nothing to do with others.
use sea_orm::entity::prelude::*;

/// One of them, and one of those.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "block")]
pub struct Model {
    /// Who blocks.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// Whom.
    #[sea_orm(primary_key, auto_increment = false, indexed)]
    pub blocked_id: Uuid,
    /// Since when.
    pub at: i64,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
