//! Chats, who is in them, and what was said.
use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

use crate::tables::{self, long_text};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Chat {
    Table,
    Id,
    Kind,
    Name,
    Description,
    AdminId,
    PairKey,
    LastSeq,
    LastMessageAt,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Member {
    Table,
    ChatId,
    UserId,
    Position,
    JoinedSeq,
    ReadSeq,
}

#[derive(DeriveIden)]
enum Message {
    Table,
    ChatId,
    Seq,
    Id,
    SenderId,
    Content,
    ClientId,
    SentAt,
}

fn chat() -> TableCreateStatement {
    Table::create()
        .table(Chat::Table)
        .col(uuid(Chat::Id).primary_key())
        .col(small_integer(Chat::Kind))
        .col(string_len(Chat::Name, 64))
        .col(string_len(Chat::Description, 512))
        .col(uuid_null(Chat::AdminId))
        .col(string_len_null(Chat::PairKey, 73).unique_key())
        .col(big_integer(Chat::LastSeq))
        .col(big_integer(Chat::LastMessageAt))
        .col(big_integer(Chat::CreatedAt))
        .to_owned()
}

fn member() -> TableCreateStatement {
    Table::create()
        .table(Member::Table)
        .col(uuid(Member::ChatId))
        .col(uuid(Member::UserId))
        .col(big_integer(Member::Position))
        .col(big_integer(Member::JoinedSeq))
        .col(big_integer(Member::ReadSeq))
        .primary_key(Index::create().col(Member::ChatId).col(Member::UserId))
        .to_owned()
}

/// No foreign key: only the writer inserts messages, in the transaction that numbers them on their chat's row,
/// and a check per row would cost as much as the row.
fn message(backend: DatabaseBackend) -> TableCreateStatement {
    Table::create()
        .table(Message::Table)
        .col(uuid(Message::ChatId))
        .col(big_integer(Message::Seq))
        .col(uuid(Message::Id))
        .col(uuid(Message::SenderId))
        .col(long_text(backend, Message::Content))
        .col(string_len_null(Message::ClientId, 64))
        .col(big_integer(Message::SentAt))
        .primary_key(Index::create().col(Message::ChatId).col(Message::Seq))
        .to_owned()
}

/// One message per idempotency key, sender and chat. Messages without a key stay out of the index where the database can.
fn idempotency(backend: DatabaseBackend) -> IndexCreateStatement {
    let mut index = Index::create()
        .name("message_client_id")
        .table(Message::Table)
        .col(Message::ChatId)
        .col(Message::SenderId)
        .col(Message::ClientId)
        .unique()
        .to_owned();
    if backend != DatabaseBackend::MySql {
        index.and_where(Expr::col(Message::ClientId).is_not_null());
    }
    index
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        for table in [chat(), member(), message(backend)] {
            tables::create(manager, table).await?;
        }
        let members = Index::create().name("member_user").table(Member::Table).col(Member::UserId).to_owned();
        manager.create_index(members).await?;
        manager.create_index(idempotency(backend)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Message::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Member::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Chat::Table).to_owned()).await
    }
}
