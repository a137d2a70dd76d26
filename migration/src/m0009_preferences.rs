//! What members decide of a chat for themselves alone. Nothing is rewritten: nobody has decided anything yet.
use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum Member {
    Table,
    PrefsOwn,
    SilentUntil,
    Archived,
    PinnedAt,
    MarkedUnread,
    Hidden,
    ClearedSeq,
}

fn columns() -> [ColumnDef; 7] {
    let no = |column: Member| boolean(column).default(false).take();
    [
        big_integer(Member::PrefsOwn).default(0).take(),
        big_integer_null(Member::SilentUntil).take(),
        no(Member::Archived),
        big_integer_null(Member::PinnedAt).take(),
        no(Member::MarkedUnread),
        no(Member::Hidden),
        big_integer(Member::ClearedSeq).default(0).take(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in columns() {
            manager.alter_table(Table::alter().table(Member::Table).add_column(&mut column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            let name = DynIden::from(column.get_column_name());
            manager.alter_table(Table::alter().table(Member::Table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
