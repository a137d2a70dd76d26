//! Files: what is known of each, which messages hold which, and the pictures of people and groups. Nothing is rewritten.
use sea_orm_migration::{prelude::*, schema::*};

use crate::tables;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum File {
    Table,
    Id,
    OwnerId,
    Name,
    MediaType,
    Size,
    Width,
    Height,
    DurationMs,
    Blurhash,
    ThumbnailType,
    CreatedAt,
    State,
    InMessages,
    InPictures,
    DueAt,
}

#[derive(DeriveIden)]
enum MessageFile {
    Table,
    FileId,
    ChatId,
    Seq,
}

#[derive(DeriveIden, Clone, Copy)]
enum Message {
    Table,
    Attachments,
}

#[derive(DeriveIden, Clone, Copy)]
enum User {
    Table,
}

#[derive(DeriveIden, Clone, Copy)]
enum Chat {
    Table,
}

#[derive(DeriveIden, Clone, Copy)]
enum Picture {
    AvatarId,
}

fn file() -> TableCreateStatement {
    Table::create()
        .table(File::Table)
        .col(uuid(File::Id).primary_key())
        .col(uuid(File::OwnerId))
        .col(string_len(File::Name, 255))
        .col(string_len(File::MediaType, 64))
        .col(big_integer(File::Size))
        .col(integer_null(File::Width))
        .col(integer_null(File::Height))
        .col(big_integer_null(File::DurationMs))
        .col(string_len_null(File::Blurhash, 64))
        .col(string_len_null(File::ThumbnailType, 64))
        .col(big_integer(File::CreatedAt))
        .col(small_integer(File::State))
        .col(integer(File::InMessages))
        .col(integer(File::InPictures))
        .col(big_integer_null(File::DueAt))
        .to_owned()
}

fn message_file() -> TableCreateStatement {
    Table::create()
        .table(MessageFile::Table)
        .col(uuid(MessageFile::FileId))
        .col(uuid(MessageFile::ChatId))
        .col(big_integer(MessageFile::Seq))
        .primary_key(Index::create().col(MessageFile::FileId).col(MessageFile::ChatId).col(MessageFile::Seq))
        .to_owned()
}

fn index<T: IntoIden + 'static>(name: &str, table: T, column: T) -> IndexCreateStatement {
    Index::create().name(name).table(table).col(column).to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::create(manager, file()).await?;
        manager.create_index(index("file_owner", File::Table, File::OwnerId)).await?;
        let due = Index::create().name("file_due").table(File::Table).col(File::State).col(File::DueAt).to_owned();
        manager.create_index(due).await?;
        tables::create(manager, message_file()).await?;
        let place = Index::create()
            .name("message_file_place")
            .table(MessageFile::Table)
            .col(MessageFile::ChatId)
            .col(MessageFile::Seq)
            .to_owned();
        manager.create_index(place).await?;
        add(manager, Message::Table, text_null(Message::Attachments)).await?;
        add(manager, User::Table, uuid_null(Picture::AvatarId)).await?;
        add(manager, Chat::Table, uuid_null(Picture::AvatarId)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remove(manager, Chat::Table, Picture::AvatarId).await?;
        remove(manager, User::Table, Picture::AvatarId).await?;
        remove(manager, Message::Table, Message::Attachments).await?;
        manager.drop_table(Table::drop().table(MessageFile::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(File::Table).to_owned()).await
    }
}

async fn add(manager: &SchemaManager<'_>, table: impl IntoIden, column: impl IntoColumnDef) -> Result<(), DbErr> {
    let table = table.into_iden();
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}

async fn remove(manager: &SchemaManager<'_>, table: impl IntoIden, column: impl IntoIden) -> Result<(), DbErr> {
    let table = table.into_iden();
    manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await
}
