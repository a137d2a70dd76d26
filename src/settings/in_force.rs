//! What a running server goes by, and what becomes of it when its files are read again.
use std::path::{Path, PathBuf};

use figment::{
    Figment,
    value::{Dict, Value},
};

use super::{Settings, Sources, Wrong, layers::checked, show::leaves, wrong::origin};

/// Sections that take effect without a restart.
const RELOADABLE: [&str; 16] = [
    "log.",
    "limits.",
    "privacy.",
    "presence.",
    "groups.",
    "chats.",
    "users.",
    "messages.",
    "history.",
    "files.max_size",
    "files.max_pixels",
    "files.quota_per_user",
    "files.orphan_ttl",
    "files.types",
    "actors.session.",
    "actors.chat.",
];

/// The settings in force, and where they came from.
pub struct InForce {
    file: Option<PathBuf>,
    layers: Figment,
    settings: Settings,
}

/// What reading again has changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Reread {
    /// Keys whose new values are in force.
    pub reloaded: Vec<String>,
    /// Keys whose new values wait for a restart.
    pub waiting: Vec<String>,
}

impl InForce {
    /// Reads the defaults, the files and the environment of this process; `file` comes from `--config`.
    ///
    /// # Errors
    /// The first setting that cannot be, with the file or variable that it stands in.
    pub fn load(file: Option<&Path>) -> Result<Self, Wrong> {
        let layers = Sources::of_process(file)?.layers()?;
        Ok(Self { file: file.map(Path::to_owned), settings: checked(&layers)?, layers })
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Reads everything again. What can be changed without a restart is in force from now on, all of it or nothing.
    ///
    /// # Errors
    /// The first setting that cannot be. Everything stays as it was then.
    pub fn reread(&mut self) -> Result<Reread, Wrong> {
        self.lay(Sources::of_process(self.file.as_deref())?.layers()?)
    }

    fn lay(&mut self, read: Figment) -> Result<Reread, Wrong> {
        checked(&read)?;
        let (reloaded, waiting): (Vec<_>, Vec<_>) =
            changed(&self.layers, &read).into_iter().partition(|(key, _)| is_reloadable(key));
        let layers = reloaded.iter().fold(self.layers.clone(), |layers, (key, value)| layers.merge((key, value)));
        let keys = |changes: Vec<(String, Value)>| changes.into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        let reloaded = keys(reloaded);
        let waiting = keys(waiting);
        self.settings = checked(&layers).map_err(|wrong| Wrong {
            origin: origin(read.find_metadata(&wrong.key)),
            expected: format!("{}; with {} it takes a restart", wrong.expected, waiting.join(", ")),
            ..wrong
        })?;
        self.layers = layers;
        Ok(Reread { reloaded, waiting })
    }
}

fn is_reloadable(key: &str) -> bool {
    RELOADABLE.iter().any(|section| key.starts_with(section))
}

/// The keys whose values differ, with the new ones.
fn changed(old: &Figment, new: &Figment) -> Vec<(String, Value)> {
    let all = new.extract::<Dict>().unwrap_or_default();
    let differs = |key: &str, value: &Value| old.find_value(key).ok().as_ref() != Some(value);
    let changed = leaves(&all).into_iter().filter(|(key, value)| differs(key, value));
    changed.map(|(key, value)| (key, value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(pairs: &[(&str, &str)]) -> Figment {
        let environment =
            pairs.iter().map(|(name, value)| (format!("GREENROOM__{name}").into(), value.into())).collect();
        Sources { files: vec![], environment }.layers().unwrap()
    }

    fn in_force() -> InForce {
        InForce { file: None, layers: layers(&[]), settings: Settings::defaults() }
    }

    #[test]
    fn what_can_change_changes_and_what_cannot_waits() {
        let mut in_force = in_force();
        let news = [("LIMITS__SOCKETS", "5"), ("LOG__LEVEL", "debug"), ("SERVER__WORKERS", "3")];
        let reread = in_force.lay(layers(&news)).unwrap();
        assert_eq!(reread.reloaded, ["limits.sockets", "log.level"]);
        assert_eq!(reread.waiting, ["server.workers"]);
        assert_eq!((in_force.settings.limits.sockets, in_force.settings.server.workers), (5, 0));
        let again = in_force.lay(layers(&news)).unwrap();
        assert_eq!((again.reloaded.len(), again.waiting), (0, vec!["server.workers".to_owned()]), "it still waits");
        let back = in_force.lay(layers(&[])).unwrap();
        assert_eq!((back.reloaded.len(), back.waiting.len(), in_force.settings.limits.sockets), (2, 0, 100_000));
    }

    #[test]
    fn one_wrong_value_refuses_all_of_it() {
        let mut in_force = in_force();
        let wrong = in_force.lay(layers(&[("LIMITS__SOCKETS", "5"), ("HISTORY__PAGE", "0")])).unwrap_err();
        assert_eq!((&*wrong.origin, &*wrong.key), ("GREENROOM__HISTORY__PAGE", "history.page"));
        assert_eq!(in_force.settings.limits.sockets, 100_000);
    }

    #[test]
    fn what_is_right_only_together_with_a_key_that_waits_is_refused() {
        let mut in_force = in_force();
        let news = [("LIMITS__CONTENT_BYTES", "64KiB"), ("SOCKETIO__MAX_PAYLOAD", "512KiB"), ("LOG__LEVEL", "warn")];
        let wrong = in_force.lay(layers(&news)).unwrap_err();
        assert_eq!((&*wrong.origin, &*wrong.key), ("GREENROOM__SOCKETIO__MAX_PAYLOAD", "socketio.max_payload"));
        assert!(wrong.expected.ends_with("; with socketio.max_payload it takes a restart"), "{wrong}");
        assert_eq!(
            (in_force.settings.limits.content_bytes, in_force.settings.log.level),
            (16_384, log::LevelFilter::Info)
        );
    }
}
