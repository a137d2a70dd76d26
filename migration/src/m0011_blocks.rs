//! People who want to have nothing to do with each other. Nothing is rewritten: nobody has blocked anybody yet.
use sea_orm_migration::{prelude::*, schema::*};

use crate::tables;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Block {
    Table,
    UserId,
    BlockedId,
    At,
}

#[derive(DeriveIden)]
enum Member {
    Table,
    Blocks,
}

fn block() -> TableCreateStatement {
    Table::create()
        .table(Block::Table)
        .col(uuid(Block::UserId))
        .col(uuid(Block::BlockedId))
        .col(big_integer(Block::At))
        .primary_key(Index::create().col(Block::UserId).col(Block::BlockedId))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::create(manager, block()).await?;
        let of = Index::create().name("block_blocked").table(Block::Table).col(Block::BlockedId).to_owned();
        manager.create_index(of).await?;
        let mut blocks = boolean(Member::Blocks).default(false).take();
        manager.alter_table(Table::alter().table(Member::Table).add_column(&mut blocks).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Block::Table).to_owned()).await?;
        manager.alter_table(Table::alter().table(Member::Table).drop_column(Member::Blocks).to_owned()).await
    }
}
