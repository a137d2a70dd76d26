//! A setting that cannot be, told so that the operator knows what to change and where.
use figment::{
    Figment, Metadata, Source,
    error::{Error, Kind},
};

use super::secrets::is_secret;

/// Stops the start. Names the file or the variable, the key, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {key}: {expected}")]
pub struct Wrong {
    /// The file or the environment variable.
    pub origin: String,
    /// The key, such as `server.listen`.
    pub key: String,
    /// What was expected, and what was found unless that is secret.
    pub expected: String,
}

impl Wrong {
    /// A key that nobody reads.
    pub(super) fn unknown(origin: &str, key: &str, known: &[String]) -> Self {
        let origin = origin.to_owned();
        let inside = format!("{key}.");
        if known.iter().any(|known| known.starts_with(&inside)) {
            return Self { origin, key: key.into(), expected: "expected a section, not a value".into() };
        }
        let section = key.rsplit_once('.').map_or("", |(section, _)| section);
        let siblings: Vec<_> = known.iter().filter(|k| k.rsplit_once('.').is_some_and(|(s, _)| s == section)).collect();
        let list = if siblings.is_empty() { sections(known) } else { names(&siblings) };
        Self { origin, key: key.into(), expected: format!("unknown key, expected one of {list}") }
    }

    /// A value of the wrong type or outside its words.
    pub(super) fn value(error: &Error, figment: &Figment) -> Self {
        let is_place = |part: &String| part.bytes().all(|byte| byte.is_ascii_digit());
        let key = error.path.iter().filter(|part| !is_place(part)).cloned().collect::<Vec<_>>().join(".");
        let found = |what: String| if is_secret(&key) { String::new() } else { format!(", found {what}") };
        let expected = match &error.kind {
            Kind::InvalidType(actual, expected) | Kind::InvalidValue(actual, expected) => {
                format!("expected {}{}", plain(&expected.to_string()), found(actual.to_string()))
            }
            Kind::UnknownVariant(actual, expected) => {
                format!("expected one of {}{}", expected.join(", "), found(actual.clone()))
            }
            other => other.to_string(),
        };
        Self { origin: origin(figment.find_metadata(&key)), key, expected }
    }

    /// A file that is not there or not TOML.
    pub(super) fn file(origin: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { origin: origin.into(), key: "the whole file".into(), expected: expected.into() }
    }
}

/// The file or the environment variable that a value was read from.
pub(super) fn origin(metadata: Option<&Metadata>) -> String {
    match metadata.and_then(|m| m.source.as_ref()) {
        Some(Source::File(path)) => path.display().to_string(),
        Some(Source::Custom(variable)) => variable.clone(),
        _ => "built-in default".into(),
    }
}

/// Types as people call them.
fn plain(expected: &str) -> &str {
    match expected {
        "usize" | "u64" | "u32" => "a whole number, 0 or more",
        "a boolean" => "true or false",
        "a sequence" => "a list of texts",
        "a string" | "path string" => "a text",
        other => other,
    }
}

fn sections(known: &[String]) -> String {
    let mut sections: Vec<_> = known.iter().filter_map(|k| k.rsplit_once('.').map(|(s, _)| s)).collect();
    sections.sort_unstable();
    sections.dedup();
    sections.join(", ")
}

fn names(keys: &[&String]) -> String {
    keys.iter().filter_map(|k| k.rsplit('.').next()).collect::<Vec<_>>().join(", ")
}
