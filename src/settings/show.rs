//! What is in force and where it came from, for `greenroom config show`.
use figment::{
    Figment,
    value::{Dict, Value},
};

use super::wrong::origin;

const MASK: &str = "********";

/// One key in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The key, such as `server.listen`.
    pub key: String,
    /// Its value; secrets are masked.
    pub value: String,
    /// The file or the environment variable it came from, or `built-in default`.
    pub origin: String,
}

pub(super) fn rows(figment: &Figment) -> Vec<Row> {
    let all = figment.extract::<Dict>().unwrap_or_default();
    leaves(&all)
        .into_iter()
        .map(|(key, value)| {
            let origin = origin(figment.find_metadata(&key));
            Row { value: masked(&key, &text(value)), key, origin }
        })
        .collect()
}

/// Every value that is no section, with its dotted key. A name with a dot of its own is no path and stays in quotes.
pub(super) fn leaves(dict: &Dict) -> Vec<(String, &Value)> {
    let mut found = vec![];
    for (key, value) in dict {
        let key = if key.contains('.') { format!("{key:?}") } else { key.clone() };
        match value {
            Value::Dict(_, inner) => {
                found.extend(leaves(inner).into_iter().map(|(rest, value)| (format!("{key}.{rest}"), value)));
            }
            _ => found.push((key, value)),
        }
    }
    found
}

/// Whether a key's value may never be shown whole.
pub(super) fn is_secret(key: &str) -> bool {
    matches!(key, "auth.secret" | "database.url" | "mail.smtp_url")
}

/// A value as anybody may see it. Whatever looks like a URL loses its passwords, under whichever key it stands.
fn masked(key: &str, value: &str) -> String {
    match value.split_once("://") {
        _ if key == "auth.secret" && !value.is_empty() => MASK.into(),
        Some((scheme, rest)) => format!("{scheme}://{}", without_passwords(rest)),
        None if is_secret(key) && !value.is_empty() => MASK.into(),
        None => value.into(),
    }
}

/// What follows `scheme://`, without the password before the last `@` and without those among the parameters.
fn without_passwords(rest: &str) -> String {
    let (user, place) = match rest.rsplit_once('@') {
        Some((credentials, place)) => (format!("{}:{MASK}@", credentials.split(':').next().unwrap_or_default()), place),
        None => (String::new(), rest),
    };
    let parameter = |text: &str| match text.split_once('=') {
        Some((name, _)) if name.to_lowercase().contains("pass") => format!("{name}={MASK}"),
        _ => text.into(),
    };
    let query = place.split_once('?').map(|(_, query)| query.split('&').map(parameter).collect::<Vec<_>>().join("&"));
    let place = place.split('?').next().unwrap_or_default();
    format!("{user}{place}{}", query.map(|query| format!("?{query}")).unwrap_or_default())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Bool(_, is) => is.to_string(),
        Value::Array(_, items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_i128().map(|n| n.to_string()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_passwords_in_urls_are_masked_and_the_rest_is_not() {
        assert_eq!(masked("auth.secret", "s3cr3t"), MASK);
        assert_eq!(masked("auth.secret", ""), "");
        assert_eq!(masked("database.url", "postgres://me:p@ss@db/x"), format!("postgres://me:{MASK}@db/x"));
        assert_eq!(masked("database.url", "sqlite://data/x.db"), "sqlite://data/x.db");
        assert_eq!(masked("mail.smtp_url", "smtps://u:p@host"), format!("smtps://u:{MASK}@host"));
        assert_eq!(masked("server.public_url", "https://x.org/chat?a=b"), "https://x.org/chat?a=b");
        assert_eq!(masked("server.public_url", "https://u:p@x.org"), format!("https://u:{MASK}@x.org"));
        assert_eq!(masked("database.url", "mysql://u:p?@@h/x"), format!("mysql://u:{MASK}@h/x"));
        let parameters = masked("database.url", "postgres://h/x?user=me&password=p&sslmode=require");
        assert_eq!(parameters, format!("postgres://h/x?user=me&password={MASK}&sslmode=require"));
    }
}
