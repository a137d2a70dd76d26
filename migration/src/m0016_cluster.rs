//! Several nodes on one database: which there are, what each tells the others, and how often each chat was told of. Nothing is
//! rewritten: no chat was told of yet.
use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

use crate::tables;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Node {
    Table,
    Id,
    Name,
    Kind,
    Wire,
    KeyPrint,
    Beat,
}

#[derive(DeriveIden)]
enum Feed {
    Table,
    NodeId,
    Number,
    Body,
}

#[derive(DeriveIden, Clone, Copy)]
enum Chat {
    Table,
    Step,
    Guard,
    ByNode,
    ByNumber,
}

fn node() -> TableCreateStatement {
    Table::create()
        .table(Node::Table)
        .col(uuid(Node::Id).primary_key())
        .col(string_len(Node::Name, 64))
        .col(small_integer(Node::Kind))
        .col(integer(Node::Wire))
        .col(string_len(Node::KeyPrint, 64))
        .col(big_integer(Node::Beat))
        .to_owned()
}

fn feed(backend: DatabaseBackend) -> TableCreateStatement {
    let mut body = ColumnDef::new(Feed::Body);
    if backend == DatabaseBackend::MySql {
        body.custom(Alias::new("mediumblob"));
    } else {
        body.blob();
    }
    Table::create()
        .table(Feed::Table)
        .col(uuid(Feed::NodeId))
        .col(big_integer(Feed::Number))
        .col(body.not_null())
        .primary_key(Index::create().col(Feed::NodeId).col(Feed::Number))
        .foreign_key(
            ForeignKey::create()
                .name("feed_node")
                .from(Feed::Table, Feed::NodeId)
                .to(Node::Table, Node::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn columns() -> [ColumnDef; 4] {
    [
        big_integer(Chat::Step).default(0).take(),
        big_integer(Chat::Guard).default(0).take(),
        uuid_null(Chat::ByNode).take(),
        big_integer(Chat::ByNumber).default(0).take(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::create(manager, node()).await?;
        tables::create(manager, feed(manager.get_database_backend())).await?;
        for mut column in columns() {
            manager.alter_table(Table::alter().table(Chat::Table).add_column(&mut column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            let name = DynIden::from(column.get_column_name());
            manager.alter_table(Table::alter().table(Chat::Table).drop_column(name).to_owned()).await?;
        }
        for table in [Feed::Table.into_iden(), Node::Table.into_iden()] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
