//! Messages that change after they were said, and the numbers by which a client finds out what changed while it was away.
//! Nothing is rewritten: what was there before has nothing of it.
use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

use crate::tables::{self, long_text};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum Chat {
    Table,
    Rev,
    InfoRev,
    RosterRev,
}

#[derive(DeriveIden, Clone, Copy)]
enum Member {
    Table,
    Rev,
    Own,
}

#[derive(DeriveIden, Clone, Copy)]
enum PastMember {
    Table,
    Own,
}

#[derive(DeriveIden, Clone, Copy)]
enum Message {
    Table,
    ChatId,
    Rev,
    EditedAt,
    Edits,
    DeletedAt,
    DeletedBy,
    ReplyTo,
    Forwarded,
    Mentions,
    Reactions,
    PinnedAt,
}

#[derive(DeriveIden)]
enum Reaction {
    Table,
    ChatId,
    Seq,
    Bare,
    UserId,
    Emoji,
    Rev,
}

#[derive(DeriveIden)]
enum Mark {
    Table,
    ChatId,
    Seq,
    UserId,
    Own,
    Reactions,
    StarredAt,
    Hidden,
}

#[derive(DeriveIden)]
enum Pin {
    Table,
    ChatId,
    Seq,
}

#[derive(DeriveIden)]
enum Activity {
    Table,
    ChatId,
    Rev,
    AfterSeq,
    At,
    What,
    ById,
    ByName,
    UserId,
    UserName,
}

/// A table's new columns. A number is 0 where there was none.
fn columns() -> [(DynIden, Vec<ColumnDef>); 4] {
    let zero = |column: DynIden| big_integer(column).default(0).take();
    [
        (Chat::Table.into_iden(), [Chat::Rev, Chat::InfoRev, Chat::RosterRev].map(|c| zero(c.into_iden())).into()),
        (Member::Table.into_iden(), [Member::Rev, Member::Own].map(|c| zero(c.into_iden())).into()),
        (PastMember::Table.into_iden(), vec![zero(PastMember::Own.into_iden())]),
        (
            Message::Table.into_iden(),
            vec![
                zero(Message::Rev.into_iden()),
                big_integer_null(Message::EditedAt).take(),
                integer(Message::Edits).default(0).take(),
                big_integer_null(Message::DeletedAt).take(),
                uuid_null(Message::DeletedBy).take(),
                big_integer_null(Message::ReplyTo).take(),
                boolean(Message::Forwarded).default(false).take(),
                text_null(Message::Mentions).take(),
                text_null(Message::Reactions).take(),
                big_integer_null(Message::PinnedAt).take(),
            ],
        ),
    ]
}

/// Messages that changed, by chat. Where the database can, all others stay out: they are not to pay for it.
fn changed(backend: DatabaseBackend) -> IndexCreateStatement {
    let mut index =
        Index::create().name("message_rev").table(Message::Table).col(Message::ChatId).col(Message::Rev).to_owned();
    if backend != DatabaseBackend::MySql {
        index.and_where(Expr::col(Message::Rev).gt(0));
    }
    index
}

/// The pinned messages of each chat, which are few.
fn pin() -> TableCreateStatement {
    Table::create()
        .table(Pin::Table)
        .col(uuid(Pin::ChatId))
        .col(big_integer(Pin::Seq))
        .primary_key(Index::create().col(Pin::ChatId).col(Pin::Seq))
        .to_owned()
}

/// Who reacted with what, in the order of `rev`.
fn reaction() -> TableCreateStatement {
    Table::create()
        .table(Reaction::Table)
        .col(uuid(Reaction::ChatId))
        .col(big_integer(Reaction::Seq))
        .col(string_len(Reaction::Bare, 64))
        .col(uuid(Reaction::UserId))
        .col(string_len(Reaction::Emoji, 64))
        .col(big_integer(Reaction::Rev))
        .primary_key(Index::create().col(Reaction::ChatId).col(Reaction::Seq).col(Reaction::Bare).col(Reaction::UserId))
        .to_owned()
}

/// What one member alone sees on a message.
fn mark(backend: DatabaseBackend) -> TableCreateStatement {
    let reactions = long_text(backend, Mark::Reactions).null().take();
    Table::create()
        .table(Mark::Table)
        .col(uuid(Mark::ChatId))
        .col(big_integer(Mark::Seq))
        .col(uuid(Mark::UserId))
        .col(big_integer(Mark::Own))
        .col(reactions)
        .col(big_integer_null(Mark::StarredAt))
        .col(boolean(Mark::Hidden))
        .primary_key(Index::create().col(Mark::ChatId).col(Mark::Seq).col(Mark::UserId))
        .to_owned()
}

/// Who came, left and was made what.
fn activity() -> TableCreateStatement {
    Table::create()
        .table(Activity::Table)
        .col(uuid(Activity::ChatId))
        .col(big_integer(Activity::Rev))
        .col(big_integer(Activity::AfterSeq))
        .col(big_integer(Activity::At))
        .col(small_integer(Activity::What))
        .col(uuid(Activity::ById))
        .col(string_len(Activity::ByName, 64))
        .col(uuid(Activity::UserId))
        .col(string_len(Activity::UserName, 64))
        .primary_key(Index::create().col(Activity::ChatId).col(Activity::Rev))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        for (table, columns) in columns() {
            for mut column in columns {
                manager.alter_table(Table::alter().table(table.clone()).add_column(&mut column).to_owned()).await?;
            }
        }
        manager.create_index(changed(backend)).await?;
        for table in [reaction(), mark(backend), pin(), activity()] {
            tables::create(manager, table).await?;
        }
        let own = Index::create()
            .name("mark_own")
            .table(Mark::Table)
            .col(Mark::UserId)
            .col(Mark::ChatId)
            .col(Mark::Own)
            .to_owned();
        manager.create_index(own).await?;
        let mut starred = Index::create().name("mark_starred").table(Mark::Table).to_owned();
        starred.col(Mark::UserId).col(Mark::StarredAt);
        manager.create_index(starred).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables =
            [Reaction::Table.into_iden(), Mark::Table.into_iden(), Pin::Table.into_iden(), Activity::Table.into_iden()];
        for table in tables {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        manager.drop_index(Index::drop().name("message_rev").table(Message::Table).to_owned()).await?;
        for (table, columns) in columns() {
            for column in columns {
                let name = DynIden::from(column.get_column_name());
                manager.alter_table(Table::alter().table(table.clone()).drop_column(name).to_owned()).await?;
            }
        }
        Ok(())
    }
}
