//! Mails on their way out. A row is gone once its mail was handed over.
use sea_orm::entity::prelude::*;

/// One mail.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    /// The mail's own id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Address and letter, encrypted: letters hold links that log people in.
    #[sea_orm(column_type = "Text")]
    pub sealed: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was written.
    pub created_at: i64,
    /// When it is tried next.
    #[sea_orm(indexed)]
    pub due_at: i64,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
