//! The layers that settings come from, later ones winning, and how they become one.
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use figment::{
    Figment, Profile, Provider,
    providers::{Format, Toml},
    value::{Dict, Value},
};

use super::{
    Row, Settings, Wrong, checks,
    environment::Variable,
    show::{self, leaves},
    wrong::origin,
};

const DEFAULTS: &str = include_str!("../../config/default.toml");
const OPTIONAL_FILE: &str = "config/default.toml";

/// What is laid over the built-in defaults.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// TOML files, later ones winning. All of them must exist.
    pub files: Vec<PathBuf>,
    /// Environment variables, of which those of keys count.
    pub environment: Vec<(OsString, OsString)>,
}

impl Sources {
    /// The optional file in the working directory, the file of `--config`, and this process's environment.
    ///
    /// # Errors
    /// That `file` is not there.
    pub fn of_process(file: Option<&Path>) -> Result<Self, Wrong> {
        let optional = Some(PathBuf::from(OPTIONAL_FILE)).filter(|path| path.is_file());
        let files: Vec<_> = optional.into_iter().chain(file.map(Path::to_owned)).collect();
        if let Some(missing) = files.iter().find(|path| !path.is_file()) {
            return Err(Wrong::file(missing.display().to_string(), "there is no such file"));
        }
        Ok(Self { files, environment: env::vars_os().collect() })
    }

    /// Lays the layers over each other, and checks the outcome.
    ///
    /// # Errors
    /// The first setting that cannot be, with the file or variable that it stands in.
    pub fn load(&self) -> Result<(Settings, Vec<Row>), Wrong> {
        let layers = self.layers()?;
        Ok((checked(&layers)?, show::rows(&layers)))
    }

    /// All layers, every key of which there is.
    pub(super) fn layers(&self) -> Result<Figment, Wrong> {
        let defaults = dict(&Toml::string(DEFAULTS), "built-in default")?;
        let known: Vec<String> = leaves(&defaults).into_iter().map(|(key, _)| key).collect();
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        for file in &self.files {
            let layer = Toml::file_exact(file);
            let origin = file.display().to_string();
            all_known(&dict(&layer, &origin)?, &known, &origin)?;
            figment = figment.merge(layer);
        }
        let defaults = Value::from(defaults);
        for (name, text) in &self.environment {
            if let Some(variable) = Variable::read(name, text, &defaults, &known)? {
                figment = figment.merge(variable);
            }
        }
        Ok(figment)
    }
}

/// The settings that the layers make, if they can be.
pub(super) fn checked(layers: &Figment) -> Result<Settings, Wrong> {
    let settings: Settings = layers.extract().map_err(|error| Wrong::value(&error, layers))?;
    match checks::impossible(&settings) {
        Some((key, expected)) => Err(Wrong { origin: origin(layers.find_metadata(key)), key: key.into(), expected }),
        None => Ok(settings.tidied()),
    }
}

impl Settings {
    /// Links are made by putting a path behind `public_url`, so a slash at its end is dropped.
    fn tidied(mut self) -> Self {
        self.server.public_url.truncate(self.server.public_url.trim_end_matches('/').len());
        self
    }
}

fn all_known(found: &Dict, known: &[String], origin: &str) -> Result<(), Wrong> {
    let stranger = leaves(found).into_iter().map(|(key, _)| key).find(|key| !known.contains(key));
    stranger.map_or(Ok(()), |key| Err(Wrong::unknown(origin, &key, known)))
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
