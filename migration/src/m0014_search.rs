//! The index of words, and how far each chat has got into it. It is filled behind: nothing is read at the migration.
use sea_orm_migration::{prelude::*, schema::*};

use crate::tables;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum SearchProgress {
    Table,
    ChatId,
    Seq,
    Rev,
}

#[derive(DeriveIden)]
enum SearchSegment {
    Table,
    Id,
    ChatId,
    FirstSeq,
    LastSeq,
    Messages,
    FirstAt,
    LastAt,
    Times,
}

#[derive(DeriveIden)]
enum SearchBlock {
    Table,
    SegmentId,
    Term,
    Data,
}

/// A term is no longer than this, in bytes.
const TERM_BYTES: u32 = 64;

fn progress() -> TableCreateStatement {
    Table::create()
        .table(SearchProgress::Table)
        .col(uuid(SearchProgress::ChatId).primary_key())
        .col(big_integer(SearchProgress::Seq))
        .col(big_integer(SearchProgress::Rev))
        .to_owned()
}

fn segment() -> TableCreateStatement {
    Table::create()
        .table(SearchSegment::Table)
        .col(uuid(SearchSegment::Id).primary_key())
        .col(uuid(SearchSegment::ChatId))
        .col(big_integer(SearchSegment::FirstSeq))
        .col(big_integer(SearchSegment::LastSeq))
        .col(integer(SearchSegment::Messages))
        .col(big_integer(SearchSegment::FirstAt))
        .col(big_integer(SearchSegment::LastAt))
        .col(blob(SearchSegment::Times))
        .to_owned()
}

fn block() -> TableCreateStatement {
    Table::create()
        .table(SearchBlock::Table)
        .col(uuid(SearchBlock::SegmentId))
        .col(var_binary(SearchBlock::Term, TERM_BYTES))
        .col(blob(SearchBlock::Data))
        .primary_key(Index::create().col(SearchBlock::SegmentId).col(SearchBlock::Term))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [progress(), segment(), block()] {
            tables::create(manager, table).await?;
        }
        let mut of_chat = Index::create().name("search_segment_chat").table(SearchSegment::Table).to_owned();
        of_chat.col(SearchSegment::ChatId);
        manager.create_index(of_chat).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables =
            [SearchBlock::Table.into_iden(), SearchSegment::Table.into_iden(), SearchProgress::Table.into_iden()];
        for table in tables {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
