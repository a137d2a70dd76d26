//! People, their logins, what was mailed to them and what is about to be.
use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

use crate::tables::{self, long_text};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum User {
    Table,
    Id,
    Email,
    Name,
    NameFolded,
    PasswordHash,
    Verified,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Session {
    Table,
    Id,
    UserId,
    CreatedAt,
    LastSeenAt,
    ExpiresAt,
    RevokedAt,
    Ip,
    UserAgent,
}

#[derive(DeriveIden)]
enum RefreshToken {
    Table,
    TokenHash,
    SessionId,
    CreatedAt,
    ExpiresAt,
    SpentAt,
    SuccessorHash,
}

#[derive(DeriveIden)]
enum MailToken {
    Table,
    Id,
    UserId,
    Purpose,
    Email,
    TokenHash,
    IsCode,
    Tries,
    PasswordHash,
    Name,
    CreatedAt,
    ExpiresAt,
    UsedAt,
}

#[derive(DeriveIden)]
enum Mail {
    Table,
    Id,
    Sealed,
    Attempts,
    CreatedAt,
    DueAt,
}

/// Removes `column`'s row together with the row of `parent` that it names.
fn owned_by<T: IntoIden, C: IntoIden, P: IntoIden, I: IntoIden>(
    table: T,
    column: C,
    parent: P,
    id: I,
) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.from(table, column).to(parent, id).on_delete(ForeignKeyAction::Cascade).to_owned()
}

fn user() -> TableCreateStatement {
    Table::create()
        .table(User::Table)
        .col(uuid(User::Id).primary_key())
        .col(string_len_uniq(User::Email, 254))
        .col(string_len(User::Name, 64))
        .col(string_len(User::NameFolded, 192))
        .col(string_len(User::PasswordHash, 255))
        .col(boolean(User::Verified))
        .col(big_integer(User::CreatedAt))
        .to_owned()
}

fn session() -> TableCreateStatement {
    Table::create()
        .table(Session::Table)
        .col(uuid(Session::Id).primary_key())
        .col(uuid(Session::UserId))
        .col(big_integer(Session::CreatedAt))
        .col(big_integer(Session::LastSeenAt))
        .col(big_integer(Session::ExpiresAt))
        .col(big_integer_null(Session::RevokedAt))
        .col(string_len(Session::Ip, 64))
        .col(string_len(Session::UserAgent, 255))
        .foreign_key(&mut owned_by(Session::Table, Session::UserId, User::Table, User::Id))
        .to_owned()
}

fn refresh_token() -> TableCreateStatement {
    Table::create()
        .table(RefreshToken::Table)
        .col(string_len(RefreshToken::TokenHash, 64).primary_key())
        .col(uuid(RefreshToken::SessionId))
        .col(big_integer(RefreshToken::CreatedAt))
        .col(big_integer(RefreshToken::ExpiresAt))
        .col(big_integer_null(RefreshToken::SpentAt))
        .col(string_len_null(RefreshToken::SuccessorHash, 64))
        .foreign_key(&mut owned_by(RefreshToken::Table, RefreshToken::SessionId, Session::Table, Session::Id))
        .to_owned()
}

fn mail_token() -> TableCreateStatement {
    Table::create()
        .table(MailToken::Table)
        .col(uuid(MailToken::Id).primary_key())
        .col(uuid(MailToken::UserId))
        .col(string_len(MailToken::Purpose, 16))
        .col(string_len(MailToken::Email, 254))
        .col(string_len(MailToken::TokenHash, 64))
        .col(boolean(MailToken::IsCode))
        .col(integer(MailToken::Tries))
        .col(string_len_null(MailToken::PasswordHash, 255))
        .col(string_len_null(MailToken::Name, 64))
        .col(big_integer(MailToken::CreatedAt))
        .col(big_integer(MailToken::ExpiresAt))
        .col(big_integer_null(MailToken::UsedAt))
        .foreign_key(&mut owned_by(MailToken::Table, MailToken::UserId, User::Table, User::Id))
        .to_owned()
}

/// No key to the user: a mail outlives what it is about, such as the account whose end it tells of.
fn mail(backend: DatabaseBackend) -> TableCreateStatement {
    Table::create()
        .table(Mail::Table)
        .col(uuid(Mail::Id).primary_key())
        .col(long_text(backend, Mail::Sealed))
        .col(integer(Mail::Attempts))
        .col(big_integer(Mail::CreatedAt))
        .col(big_integer(Mail::DueAt))
        .to_owned()
}

fn index<T: IntoIden, C: IntoIden>(name: &str, table: T, column: C) -> IndexCreateStatement {
    Index::create().name(name).table(table).col(column).to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [user(), session(), refresh_token(), mail_token(), mail(manager.get_database_backend())] {
            tables::create(manager, table).await?;
        }
        for index in [
            index("session_user", Session::Table, Session::UserId),
            index("refresh_token_session", RefreshToken::Table, RefreshToken::SessionId),
            index("mail_token_user", MailToken::Table, MailToken::UserId),
            index("mail_token_hash", MailToken::Table, MailToken::TokenHash),
            index("mail_due", Mail::Table, Mail::DueAt),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Mail::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(MailToken::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(RefreshToken::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Session::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(User::Table).to_owned()).await
    }
}
