//! Names are compared without regard to case in all scripts, and a mail domain has one spelling.
use sea_orm_migration::{prelude::*, sea_orm::ConnectionTrait};
use unicode_normalization::UnicodeNormalization;

/// People who are read at once.
const AT_ONCE: u64 = 500;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum User {
    Table,
    Email,
    Name,
    NameFolded,
}

#[derive(DeriveIden)]
enum MailToken {
    Table,
    Email,
}

/// How names are compared, the same for every database, whatever its own idea of case: what this step filled the column
/// with is also what is looked for. Character by character, so that a part of a name folds to a part of it: to lower case
/// by way of upper case, which is one for all forms of a sigma and for both writings of a sharp s. An `i` is the same
/// with its dot and without.
pub fn fold(name: &str) -> String {
    let one = |c: char| c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let folded: String = name.nfc().flat_map(one).collect();
    folded.replace("i\u{307}", "i").nfc().collect()
}

/// The spelling of an address whose domain is in ASCII.
fn with_ascii_domain(email: &str) -> Option<String> {
    let (local, domain) = email.rsplit_once('@')?;
    Some(format!("{local}@{}", idna::domain_to_ascii(domain).ok()?))
}

/// The spelling before this step.
fn with_unicode_domain(email: &str) -> Option<String> {
    let (local, domain) = email.rsplit_once('@')?;
    let (domain, valid) = idna::domain_to_unicode(domain);
    valid.is_ok().then(|| format!("{local}@{domain}"))
}

/// Writes names and addresses anew, some people at a time.
async fn rewrite(
    manager: &SchemaManager<'_>,
    fold: fn(&str) -> String,
    spell: fn(&str) -> Option<String>,
) -> Result<(), DbErr> {
    let mut last = String::new();
    loop {
        let mut some = Query::select();
        some.columns([User::Email, User::Name, User::NameFolded]).from(User::Table);
        some.and_where(Expr::col(User::Email).gt(&*last)).order_by(User::Email, Order::Asc).limit(AT_ONCE);
        let rows = manager.get_connection().query_all(&some).await?;
        for row in &rows {
            let [email, name, stored]: [String; 3] =
                [row.try_get("", "email")?, row.try_get("", "name")?, row.try_get("", "name_folded")?];
            let folded = fold(&name);
            if folded != stored {
                rename(manager, &email, &folded).await?;
            }
            if let Some(new) = spell(&email).filter(|new| *new != email) {
                readdress(manager, &email, &new).await?;
            }
            last = email;
        }
        if rows.is_empty() {
            return Ok(());
        }
    }
}

async fn rename(manager: &SchemaManager<'_>, email: &str, folded: &str) -> Result<(), DbErr> {
    let mut update = Query::update();
    update.table(User::Table).value(User::NameFolded, folded).and_where(Expr::col(User::Email).eq(email));
    manager.get_connection().execute(&update).await?;
    Ok(())
}

/// Of two accounts with one address in two spellings, the one with the new spelling keeps it alone.
async fn readdress(manager: &SchemaManager<'_>, old: &str, new: &str) -> Result<(), DbErr> {
    let mut taken = Query::select();
    taken.column(User::Email).from(User::Table).and_where(Expr::col(User::Email).eq(new));
    if manager.get_connection().query_one(&taken).await?.is_some() {
        return Ok(());
    }
    let mut user = Query::update();
    user.table(User::Table).value(User::Email, new).and_where(Expr::col(User::Email).eq(old));
    manager.get_connection().execute(&user).await?;
    let mut tokens = Query::update();
    tokens.table(MailToken::Table).value(MailToken::Email, new).and_where(Expr::col(MailToken::Email).eq(old));
    manager.get_connection().execute(&tokens).await?;
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rewrite(manager, fold, with_ascii_domain).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rewrite(manager, |name| name.to_lowercase(), with_unicode_domain).await
    }
}
