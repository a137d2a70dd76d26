//! The layers that settings come from, later ones winning, and how they become one.
use std::{
    env,
    path::{Path, PathBuf},
};

use figment::{
    Error, Figment, Metadata, Profile, Provider,
    providers::{Format, Toml},
    value::{Dict, Map, Value},
};

use super::{
    Row, Settings, Wrong, checks,
    show::{self, leaves},
    wrong::origin,
};

const DEFAULTS: &str = include_str!("../../config/default.toml");
const OPTIONAL_FILE: &str = "config/default.toml";
const PREFIX: &str = "GREENROOM__";

/// What is laid over the built-in defaults.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// TOML files, later ones winning. All of them must exist.
    pub files: Vec<PathBuf>,
    /// Environment variables; those without the prefix `GREENROOM__` are ignored.
    pub environment: Vec<(String, String)>,
}

impl Sources {
    /// The optional file in the working directory, the file of `--config`, and this process's environment.
    pub fn of_process(file: Option<&Path>) -> Result<Self, Wrong> {
        let optional = Some(PathBuf::from(OPTIONAL_FILE)).filter(|path| path.is_file());
        let files: Vec<_> = optional.into_iter().chain(file.map(Path::to_owned)).collect();
        if let Some(missing) = files.iter().find(|path| !path.is_file()) {
            return Err(Wrong::file(missing.display().to_string(), "there is no such file"));
        }
        let lossy = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        let environment = env::vars_os().map(|(name, value)| (lossy(name), lossy(value))).collect();
        Ok(Self { files, environment })
    }

    /// Lays the layers over each other, and checks the outcome.
    pub fn load(&self) -> Result<(Settings, Vec<Row>), Wrong> {
        let figment = self.figment()?;
        let settings: Settings = figment.extract().map_err(|error| Wrong::value(&error, &figment))?;
        if let Some((key, expected)) = checks::impossible(&settings) {
            let origin = origin(figment.find_metadata(key), key);
            return Err(Wrong { origin, key: key.into(), expected });
        }
        Ok((settings.tidied(), show::rows(&figment)))
    }

    fn figment(&self) -> Result<Figment, Wrong> {
        let defaults = dict(&Toml::string(DEFAULTS), "built-in default")?;
        let known: Vec<String> = leaves(&defaults).into_iter().map(|(key, _)| key).collect();
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        for file in &self.files {
            let layer = Toml::file_exact(file);
            let found = dict(&layer, &file.display().to_string())?;
            all_known(&found, &known, |_| file.display().to_string())?;
            figment = figment.merge(layer);
        }
        let environment = Environment::new(&self.environment, &defaults);
        all_known(&environment.values, &known, variable)?;
        Ok(figment.merge(environment))
    }
}

impl Settings {
    /// Links are made by putting a path behind `public_url`, so a slash at its end is dropped.
    fn tidied(mut self) -> Self {
        self.server.public_url.truncate(self.server.public_url.trim_end_matches('/').len());
        self
    }
}

/// The name of the environment variable of a key.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

fn all_known(found: &Dict, known: &[String], origin: impl Fn(&str) -> String) -> Result<(), Wrong> {
    for (key, _) in leaves(found) {
        if !known.contains(&key) {
            return Err(Wrong::unknown(origin(&key), &key, known));
        }
    }
    Ok(())
}

/// What a layer holds. The excerpt in a syntax error may show a secret, so only its prose is kept.
fn dict(layer: &impl Provider, origin: &str) -> Result<Dict, Wrong> {
    let mut profiles = layer.data().map_err(|error| {
        let text = error.kind.to_string();
        let prose: Vec<_> = text.lines().filter(|line| !line.contains('|')).collect();
        Wrong::file(origin, prose.join(": "))
    })?;
    Ok(profiles.remove(&Profile::Default).unwrap_or_default())
}

/// The environment, each value read by the type of the default it replaces.
struct Environment {
    values: Dict,
}

impl Environment {
    fn new(variables: &[(String, String)], defaults: &Dict) -> Self {
        let mut values = Dict::new();
        for (name, text) in variables {
            if let Some(rest) = name.strip_prefix(PREFIX) {
                let path: Vec<String> = rest.split("__").map(str::to_lowercase).collect();
                let default = Value::from(defaults.clone()).find(&path.join("."));
                insert(&mut values, &path, typed(text, default.as_ref()));
            }
        }
        Self { values }
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::from("environment", "environment")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        Ok(Map::from([(Profile::Default, self.values.clone())]))
    }
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

fn insert(values: &mut Dict, path: &[String], value: Value) {
    match path {
        [] => {}
        [key] => {
            values.insert(key.clone(), value);
        }
        [section, rest @ ..] => {
            let entry = values.entry(section.clone()).or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, inner) = entry {
                insert(inner, rest, value);
            }
        }
    }
}
