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
            let origin = origin(figment.find_metadata(&key), &key);
            Row { value: masked(&key, &text(value)), key, origin }
        })
        .collect()
}

/// Every value that is no section, with its dotted key.
pub(super) fn leaves(dict: &Dict) -> Vec<(String, &Value)> {
    let mut found = vec![];
    for (key, value) in dict {
        match value {
            Value::Dict(_, inner) => {
                found.extend(leaves(inner).into_iter().map(|(rest, value)| (format!("{key}.{rest}"), value)));
            }
            _ => found.push((key.clone(), value)),
        }
    }
    found
}

/// Whether a key's value may never be shown whole.
pub(super) fn is_secret(key: &str) -> bool {
    matches!(key, "auth.secret" | "database.url" | "mail.smtp_url")
}

fn masked(key: &str, value: &str) -> String {
    match (key, value.split_once("://")) {
        (_, _) if !is_secret(key) || value.is_empty() => value.into(),
        ("auth.secret", _) | (_, None) => MASK.into(),
        (_, Some((scheme, rest))) => match rest.rsplit_once('@') {
            Some((credentials, place)) => {
                let user = credentials.split(':').next().unwrap_or_default();
                format!("{scheme}://{user}:{MASK}@{place}")
            }
            None => value.into(),
        },
    }
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
        assert_eq!(masked("server.public_url", "https://x.org"), "https://x.org");
    }
}
