//! Which servers there are on this database. A row that beats is a server that lives.
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{
    domain::NodeId,
    store::{Fault, Store},
};
use entity::node;

const ALONE: i16 = 0;
const CLUSTERED: i16 = 1;
const LEFT: i16 = 2;

/// The form of what is written for others.
pub(super) const WIRE: i32 = 1;

/// A server on this database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Which run of it.
    pub id: NodeId,
    /// How people call it.
    pub name: String,
    /// Whether it is one of several.
    pub is_clustered: bool,
    /// Whether it stopped in order.
    pub has_left: bool,
    /// What form it writes.
    pub wire: i32,
    /// What can be told of its secret, and where it keeps files.
    pub print: Print,
    /// Goes on as long as it does.
    pub beat: i64,
}

/// What all nodes must have the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Print {
    /// What can be told of the secret.
    pub secret: String,
    /// Where files are.
    pub files: String,
}

impl From<&str> for Print {
    fn from(text: &str) -> Self {
        let (secret, files) = text.split_once('-').unwrap_or((text, ""));
        Self { secret: secret.to_owned(), files: files.to_owned() }
    }
}

/// Why a server does not start beside others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAlone {
    /// One lives that is not of the same kind.
    OtherKind(String),
    /// One lives that has another secret.
    OtherSecret(String),
    /// One lives that keeps its files elsewhere.
    OtherPlace(String),
    /// One lives that writes in another form, too old or too new.
    OtherWire(String),
}

impl From<node::Model> for Neighbour {
    fn from(row: node::Model) -> Self {
        Self {
            id: NodeId(row.id),
            name: row.name,
            is_clustered: row.kind == CLUSTERED,
            has_left: row.kind == LEFT,
            wire: row.wire,
            print: Print::from(&*row.key_print),
            beat: row.beat,
        }
    }
}

impl Neighbour {
    /// Whether a server of this kind, with that secret, can work beside it.
    ///
    /// # Errors
    /// Why not.
    pub fn bears(&self, is_clustered: bool, print: &Print) -> Result<(), NotAlone> {
        if self.is_clustered != is_clustered {
            return Err(NotAlone::OtherKind(self.name.clone()));
        }
        if is_clustered && self.print.secret != print.secret {
            return Err(NotAlone::OtherSecret(self.name.clone()));
        }
        if is_clustered && self.print.files != print.files {
            return Err(NotAlone::OtherPlace(self.name.clone()));
        }
        if is_clustered && (self.wire - WIRE).abs() > 1 {
            return Err(NotAlone::OtherWire(self.name.clone()));
        }
        Ok(())
    }
}

impl Store {
    /// All servers that have a row, in the order of their starts.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn nodes(&self) -> Result<Vec<Neighbour>, Fault> {
        let rows = node::Entity::find().order_by_asc(node::Column::Id).all(&self.writer).await?;
        Ok(rows.into_iter().map(Neighbour::from).collect())
    }

    /// Enters this server among them.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn enter_node(&self, id: NodeId, name: &str, is_clustered: bool, print: &Print) -> Result<(), Fault> {
        let row = node::ActiveModel {
            id: Set(id.0),
            name: Set(name.chars().take(64).collect()),
            kind: Set(if is_clustered { CLUSTERED } else { ALONE }),
            wire: Set(WIRE),
            key_print: Set(format!("{}-{}", print.secret, print.files)),
            beat: Set(0),
        };
        node::Entity::insert(row).exec_without_returning(&self.writer).await?;
        Ok(())
    }

    /// This server lives. False if it has no row any more.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn beat(&self, id: NodeId) -> Result<bool, Fault> {
        let beat = node::Entity::update_many()
            .col_expr(node::Column::Beat, Expr::cust("beat + 1"))
            .filter(node::Column::Id.eq(id.0))
            .exec(&self.writer)
            .await?;
        Ok(beat.rows_affected == 1)
    }

    /// This server stops in order: the others still hear what it did.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn leave_nodes(&self, id: NodeId) -> Result<(), Fault> {
        let left = node::ActiveModel { kind: Set(LEFT), ..Default::default() };
        node::Entity::update_many().set(left).filter(node::Column::Id.eq(id.0)).exec(&self.writer).await?;
        Ok(())
    }

    /// A server that was alone has stopped: nobody has to hear what it did.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn forget_node(&self, id: NodeId) -> Result<(), Fault> {
        node::Entity::delete_by_id(id.0).exec(&self.writer).await?;
        Ok(())
    }

    /// Removes a server that has not gone on since it was seen at `beat`, with what it told.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn remove_node(&self, id: NodeId, beat: i64) -> Result<bool, Fault> {
        let removed = node::Entity::delete_many()
            .filter(node::Column::Id.eq(id.0))
            .filter(node::Column::Beat.eq(beat))
            .exec(&self.writer)
            .await?;
        Ok(removed.rows_affected > 0)
    }
}
