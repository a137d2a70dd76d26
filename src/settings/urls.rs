//! URLs of databases and mail servers, read as their drivers read them. They hold passwords, so what is wrong with one is told
//! without a part of it, and what their drivers say of it is told to nobody.
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use url::Url;

/// What the drivers know. One that they do not know they ignore, or write into the log with its value.
const POSTGRES: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];
const MYSQL: [&str; 13] = [
    "sslmode",
    "ssl-mode",
    "sslca",
    "ssl-ca",
    "charset",
    "collation",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "socket",
    "timezone",
];
const SCHEMES: &str = "expected sqlite://FILE, postgres://USER:PASSWORD@HOST/NAME or mysql://USER:PASSWORD@HOST/NAME";
const PARTS: &str = "expected USER:PASSWORD@HOST, and in a user or password %23 for #, %25 for %, %2F for /, %3F for ? \
                     and %40 for @";

/// The file that a URL of SQLite names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteUrl {
    /// As it is written, perhaps relative.
    pub file: PathBuf,
    /// Whether a missing one is made.
    pub made_if_missing: bool,
}

impl SqliteUrl {
    /// Nothing if the URL is of another database.
    ///
    /// # Errors
    /// What was expected of it.
    pub(super) fn read(url: &str) -> Option<Result<Self, &'static str>> {
        let rest = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
        let (file, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let made_if_missing = match parameters {
            "" | "mode=rwc" => true,
            "mode=rw" => false,
            "mode=memory" => return Some(Err(IN_MEMORY)),
            "mode=ro" => return Some(Err("expected a database that can be written, without mode=ro")),
            _ => return Some(Err("expected no parameter but mode=rw or mode=rwc")),
        };
        Some(file_named(file).map(|file| Self { file, made_if_missing }))
    }
}

const IN_MEMORY: &str = "expected sqlite://FILE: of a database in memory each connection would have one of its own";

fn file_named(text: &str) -> Result<PathBuf, &'static str> {
    let name = percent_decode_str(text).decode_utf8().map_err(|_| "expected a name in UTF-8 behind the %")?;
    let file = PathBuf::from(&*name);
    match &*name {
        "" => Err("expected sqlite://FILE, with the name of a file"),
        ":memory:" => Err(IN_MEMORY),
        name if name != name.trim() => Err("expected no blank at the beginning or the end"),
        name if name.contains('\0') => Err("expected the name of a file, without %00"),
        name if name.ends_with('/') || file.file_name().is_none() => {
            Err("expected the name of a file, not of a folder")
        }
        _ => Ok(file),
    }
}

/// What `database.url` must be and is not.
pub(super) fn wrong_database(url: &str) -> Option<String> {
    if let Some(read) = SqliteUrl::read(url) {
        return read.err().map(Into::into);
    }
    let known: &[&str] = match url.split_once("://") {
        Some(("postgres" | "postgresql", _)) => &POSTGRES,
        Some(("mysql", _)) => &MYSQL,
        _ => return Some(SCHEMES.into()),
    };
    let Some(url) = server(url) else { return Some(PARTS.into()) };
    let is_known = |name: &str| known.contains(&name) || (known == POSTGRES && name.starts_with("options["));
    let stranger = url.query_pairs().any(|(name, _)| !is_known(&name));
    stranger.then(|| format!("expected no parameters but {}", known.join(", ")))
}

/// What `mail.smtp_url` must be and is not.
pub(super) fn wrong_smtp(url: &str) -> Option<&'static str> {
    if !url.starts_with("smtp://") && !url.starts_with("smtps://") {
        return Some("expected smtp://... or smtps://..., because mail.transport is smtp");
    }
    let Some(url) = server(url).filter(|url| url.has_host()) else { return Some(PARTS) };
    let is_known = |(name, value): (_, _)| name == "tls" && (value == "required" || value == "opportunistic");
    let known = url.query_pairs().all(is_known);
    (!known).then_some("expected no parameter but tls=required or tls=opportunistic")
}

/// A URL of a server, if it can be one. A character of a password that is none in a URL ends its host too early: what comes then
/// would be taken for a path, a parameter, or nothing.
fn server(url: &str) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    let spilt = url.fragment().is_some() || url.path().contains('@') || url.query().is_some_and(|it| it.contains('@'));
    let parts = [url.username(), url.password().unwrap_or_default(), url.path()];
    let readable = parts.iter().all(|part| percent_decode_str(part).decode_utf8().is_ok());
    (!spilt && readable).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite(url: &str) -> Result<(String, bool), &'static str> {
        let read = SqliteUrl::read(url).expect("a URL of SQLite");
        read.map(|it| (it.file.display().to_string(), it.made_if_missing))
    }

    #[test]
    fn a_file_of_sqlite_may_have_any_name_that_a_file_can_have() {
        for (url, file, made) in [
            ("sqlite://data/x.db", "data/x.db", true),
            ("sqlite:data/x.db", "data/x.db", true),
            ("sqlite:///srv/x.db?mode=rwc", "/srv/x.db", true),
            ("sqlite://x.db?mode=rw", "x.db", false),
            ("sqlite://my data/x y.db", "my data/x y.db", true),
            ("sqlite://my%20data/x.db", "my data/x.db", true),
            ("sqlite://100%.db", "100%.db", true),
            ("sqlite://what%3f#1.db", "what?#1.db", true),
            ("sqlite://data/:memory:.db", "data/:memory:.db", true),
        ] {
            assert_eq!(sqlite(url), Ok((file.into(), made)), "{url}");
        }
    }

    #[test]
    fn what_is_no_file_or_cannot_be_written_is_no_database() {
        for url in [
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite://%3Amemory%3A",
            "sqlite://",
            "sqlite:",
            "sqlite://?mode=memory",
            "sqlite://x.db?mode=memory",
            "sqlite://x.db?mode=ro",
            "sqlite://x.db?mode=hush",
            "sqlite://x.db?cache=shared",
            "sqlite://x.db?immutable=1",
            "sqlite://data/",
            "sqlite://..",
            "sqlite://x.db ",
            "sqlite:// x.db",
            "sqlite://x.db\n",
            "sqlite://%ff.db",
            "sqlite://x%00.db",
        ] {
            assert!(sqlite(url).is_err_and(|why| why.starts_with("expected ")), "{url:?}");
        }
    }

    #[test]
    fn a_url_of_a_server_is_right_or_told_wrong_without_a_part_of_it() {
        for right in [
            "postgres://db",
            "postgresql://u@h:5432/db?sslmode=require",
            "postgres://u:p%23%40%2F%3F%25@h/db",
            "postgres://u:p@ss@h/db",
            "postgres:///db?host=/run/postgresql",
            "postgres://h/db?options[statement_timeout]=5s",
            "mysql://u:p@[::1]/db?charset=utf8mb4",
        ] {
            assert_eq!(wrong_database(right), None, "{right}");
        }
        for wrong in [
            "postgres://u:hush#1@h/db",
            "postgres://u:1#hush@h/db",
            "postgres://u:hush/1@h/db",
            "postgres://u:1/hush@h/db",
            "postgres://u:1?hush@h/db",
            "postgres://u:%ffhush@h/db",
            "postgres://h/db?passwd=hush",
            "postgres://h/db?hush",
            "mysql://u:hush#1@h/db",
            "mysql://h/db?pass=hush",
            "mysql://u:hush@h:port/db",
            "oracle://u:hush@h",
            "hush://",
        ] {
            let why = wrong_database(wrong).unwrap_or_else(|| panic!("{wrong} is taken"));
            assert!(why.starts_with("expected ") && !why.contains("hush"), "{wrong}: {why}");
        }
        assert_eq!(wrong_smtp("smtp://u:p%23@h:587?tls=required"), None);
        assert_eq!(wrong_smtp("smtps://u:p@h/my.name"), None);
        for wrong in
            ["smtps://u:hush#1@h", "smtp://u:1/hush@h", "smtp://h?tls=hush", "smtp://h?hush", "smtps://", "hush"]
        {
            let why = wrong_smtp(wrong).unwrap_or_else(|| panic!("{wrong} is taken"));
            assert!(why.starts_with("expected ") && !why.contains("hush"), "{wrong}: {why}");
        }
    }
}
