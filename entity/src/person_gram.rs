//! Under what people are found: a row for each run of one, two and three characters of a verified person's folded name. It is read in
//! the order of its key.
use sea_orm::entity::prelude::*;

/// One run of one name.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_gram")]
pub struct Model {
    /// The run.
    #[sea_orm(primary_key, auto_increment = false)]
    pub gram: String,
    /// The whole name, folded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name_folded: String,
    /// Whose name it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
