//! The dictionary of a segment of the index of words, cut into pieces: terms in their order with the places of their messages.
use sea_orm::entity::prelude::*;

/// One piece.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_block")]
pub struct Model {
    /// The segment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub segment_id: Uuid,
    /// The first term.
    #[sea_orm(primary_key, auto_increment = false)]
    pub term: Vec<u8>,
    /// The terms with their places.
    pub data: Vec<u8>,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
