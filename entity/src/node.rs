//! The servers on this database.
use sea_orm::entity::prelude::*;

/// One run of one server.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "node")]
pub struct Model {
    /// Another one for each start.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// How people call it.
    pub name: String,
    /// 0 alone, 1 one of several, 2 left in order.
    pub kind: i16,
    /// Which form of the feed it writes.
    pub wire: i32,
    /// What can be told of its secret.
    pub key_print: String,
    /// Goes on as long as the server does.
    pub beat: i64,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
