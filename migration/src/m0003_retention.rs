//! Indexes by which rows are found that have come to their end.
use sea_orm_migration::prelude::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Session {
    Table,
    ExpiresAt,
    RevokedAt,
}

#[derive(DeriveIden)]
enum RefreshToken {
    Table,
    ExpiresAt,
}

#[derive(DeriveIden)]
enum MailToken {
    Table,
    ExpiresAt,
}

#[derive(DeriveIden)]
enum User {
    Table,
    Verified,
    CreatedAt,
}

fn indexes() -> [IndexCreateStatement; 5] {
    let index = |name: &str| Index::create().name(name).to_owned();
    [
        index("session_expires").table(Session::Table).col(Session::ExpiresAt).to_owned(),
        index("session_revoked").table(Session::Table).col(Session::RevokedAt).to_owned(),
        index("refresh_token_expires").table(RefreshToken::Table).col(RefreshToken::ExpiresAt).to_owned(),
        index("mail_token_expires").table(MailToken::Table).col(MailToken::ExpiresAt).to_owned(),
        index("user_unverified").table(User::Table).col(User::Verified).col(User::CreatedAt).to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = |name: &str| Index::drop().name(name).to_owned();
        manager.drop_index(drop("session_expires").table(Session::Table).to_owned()).await?;
        manager.drop_index(drop("session_revoked").table(Session::Table).to_owned()).await?;
        manager.drop_index(drop("refresh_token_expires").table(RefreshToken::Table).to_owned()).await?;
        manager.drop_index(drop("mail_token_expires").table(MailToken::Table).to_owned()).await?;
        manager.drop_index(drop("user_unverified").table(User::Table).to_owned()).await
    }
}
