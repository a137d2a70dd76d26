//! Under what people are found, and how far those are written who were there before. They are written behind: nobody is read at the
//! migration.
use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{DatabaseBackend, prelude::Uuid},
};

use crate::tables;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum PersonGram {
    Table,
    Gram,
    NameFolded,
    UserId,
}

#[derive(DeriveIden)]
enum PersonProgress {
    Table,
    Id,
    UserId,
}

/// A text that is ordered by its code points, as this database says it.
fn ordered<C: IntoIden>(backend: DatabaseBackend, column: C, length: u32) -> ColumnDef {
    let mut column = string_len(column, length);
    if backend == DatabaseBackend::Postgres {
        column.extra(r#"COLLATE "C""#);
    }
    column.take()
}

/// All of a row is its key, and it is read in the order of the key alone. No key to the user: the rows would need another index by it.
fn gram(backend: DatabaseBackend) -> TableCreateStatement {
    let key = [PersonGram::Gram.into_iden(), PersonGram::NameFolded.into_iden(), PersonGram::UserId.into_iden()];
    let mut primary = Index::create();
    key.into_iter().for_each(|column| {
        primary.col(column);
    });
    let mut table = Table::create();
    table
        .table(PersonGram::Table)
        .col(ordered(backend, PersonGram::Gram, 3))
        .col(ordered(backend, PersonGram::NameFolded, 192))
        .col(uuid(PersonGram::UserId))
        .primary_key(&mut primary);
    if backend == DatabaseBackend::Sqlite {
        // Else it would keep each row twice.
        table.extra("WITHOUT ROWID");
    }
    table.take()
}

fn progress() -> TableCreateStatement {
    Table::create()
        .table(PersonProgress::Table)
        .col(small_integer(PersonProgress::Id).primary_key())
        .col(uuid(PersonProgress::UserId))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [gram(manager.get_database_backend()), progress()] {
            tables::create(manager, table).await?;
        }
        let mut begun = Query::insert();
        begun.into_table(PersonProgress::Table).columns([PersonProgress::Id, PersonProgress::UserId]);
        begun.values_panic([1.into(), Uuid::nil().into()]);
        manager.get_connection().execute(&begun).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [PersonProgress::Table.into_iden(), PersonGram::Table.into_iden()] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
