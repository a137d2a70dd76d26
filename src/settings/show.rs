//! What is in force and where it came from, for `greenroom config show`.
use std::fmt;

use figment::{
    Figment,
    value::{Dict, Value},
};

use super::{
    secrets::{MASK, masked},
    wrong::origin,
};

/// One key in force. Displayed as a line of TOML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The key, such as `server.listen`.
    pub key: String,
    /// Its value as TOML; secrets are masked.
    pub value: String,
    /// The file or the environment variable it came from, or `built-in default`.
    pub origin: String,
}

impl fmt::Display for Row {
    /// A masked key for tokens would be read as one that is too weak, so its line is a comment. A URL with a masked password stays:
    /// a server that was given it would be turned away, where one without it would begin an empty database of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, value, origin } = self;
        let comment = if *value == quoted(MASK) { "# " } else { "" };
        write!(f, "{comment}{key} = {value}    # {}", origin.escape_debug())
    }
}

pub(super) fn rows(figment: &Figment) -> Vec<Row> {
    let all = figment.extract::<Dict>().unwrap_or_default();
    leaves(&all)
        .into_iter()
        .map(|(key, value)| {
            let origin = origin(figment.find_metadata(&key));
            Row { value: toml(&key, value), key, origin }
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

fn toml(key: &str, value: &Value) -> String {
    match value {
        Value::String(_, text) => quoted(&masked(key, text)),
        Value::Bool(_, is) => is.to_string(),
        Value::Array(_, items) => {
            let items: Vec<_> = items.iter().map(|item| toml(key, item)).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_i128().map(|n| n.to_string()).unwrap_or_default(),
    }
}

/// A text of TOML. What cannot be seen is written as its number.
fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        '\'' => c.into(),
        c if c.escape_debug().len() == 1 => c.into(),
        c => format!("\\U{:08x}", u32::from(c)),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use figment::providers::{Format, Toml};

    use super::*;

    #[test]
    fn every_text_is_read_back_as_it_was() {
        for text in
            ["", "plain", "it's", "a \"quote\"", "C:\\x", "two\nlines\t", "\u{7f}\u{0}", "é 😀", "\u{202e}", "#"]
        {
            let line = format!("text = {}", quoted(text));
            let read = Figment::from(Toml::string(&line)).extract_inner::<String>("text");
            assert_eq!(read.unwrap(), text, "{line}");
        }
    }
}
