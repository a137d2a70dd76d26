//! Environment variables as a layer of settings. A name that is nearly right is refused: it would silently not be in force.
use std::ffi::OsStr;

use figment::{
    Error, Metadata, Profile, Provider, Source,
    value::{Dict, Map, Value},
};

use super::Wrong;

const PREFIX: &str = "GREENROOM__";

/// A variable that sets a key.
pub(super) struct Variable {
    name: String,
    key: String,
    value: Value,
}

impl Variable {
    /// The variable, its text read by the type of the default that it replaces; nothing, if it has nothing to do with settings.
    pub(super) fn read(name: &OsStr, text: &OsStr, defaults: &Value, known: &[String]) -> Result<Option<Self>, Wrong> {
        let name = name.to_string_lossy();
        let Some(key) = known.iter().find(|key| letters(&named(key)) == letters(&name)) else {
            return match name.strip_prefix(PREFIX) {
                Some(rest) => Err(Wrong::unknown(&name, &rest.to_lowercase().replace("__", "."), known)),
                None => Ok(None),
            };
        };
        let wrong = |expected| Wrong { origin: name.to_string(), key: key.clone(), expected };
        if named(key) != name {
            return Err(wrong(format!("expected the name {}", named(key))));
        }
        let text = text.to_str().ok_or_else(|| wrong("expected UTF-8".into()))?;
        let value = typed(text, defaults.find_ref(key));
        Ok(Some(Self { name: name.to_string(), key: key.clone(), value }))
    }
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        Metadata::from("environment", Source::Custom(self.name.clone()))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        (self.key.as_str(), &self.value).data()
    }
}

/// The name of the variable of a key.
fn named(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

/// What two names share that differ in case and separators alone.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// A text that is not of the default's type stays a text, and typed extraction then says what was expected.
fn typed(text: &str, default: Option<&Value>) -> Value {
    let read = match default {
        Some(Value::Bool(..)) => text.parse::<bool>().ok().map(Value::from),
        Some(Value::Num(..)) => text.parse::<i64>().ok().map(Value::from),
        Some(Value::Array(..)) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Some(Value::from(items.map(Value::from).collect::<Vec<_>>()))
        }
        _ => None,
    };
    read.unwrap_or_else(|| Value::from(text))
}
