//! What the operator can set: the built-in defaults, files and the environment as one typed, checked `Settings`.
//!
//! ```
//! use greenroom::settings::{Settings, Sources};
//!
//! assert_eq!(Settings::defaults().server.listen.port(), 8080);
//! let environment = vec![("GREENROOM__SERVER__WORKERS".into(), "many".into())];
//! let wrong = Sources { files: vec![], environment }.load().unwrap_err();
//! assert_eq!((&*wrong.origin, &*wrong.key), ("GREENROOM__SERVER__WORKERS", "server.workers"));
//! ```
mod bounds;
mod checks;
mod choices;
mod cluster;
mod deadlines;
mod environment;
mod folder;
mod in_force;
mod layers;
mod rate;
mod rule;
mod secrets;
mod sections;
mod show;
#[cfg(test)]
mod tests;
mod units;
mod urls;
mod wrong;

use std::path::Path;

use serde::Deserialize;

pub use bounds::{Actors, ChatBounds, RegistryBounds, SessionBounds, WriterBounds};
pub use checks::{is_strong, network};
pub use choices::{FileStore, RefuseWith, Synchronous, Transport};
pub use cluster::Cluster;
pub use deadlines::{DEADLINES, Deadlines};
pub use folder::private_folder;
pub use in_force::{InForce, Reread};
pub use layers::Sources;
pub use rate::Rate;
pub use secrets::without_password;
pub use sections::{
    Auth, Chats, Database, Files, Groups, History, Limits, Log, Mail, Messages, Presence, Privacy, Retention, Search,
    Server, SocketIo, Users,
};
pub use show::Row;
pub use urls::SqliteUrl;
pub use wrong::Wrong;

/// Everything that can be set. `config/default.toml` explains every key.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    /// Where and how the server answers.
    pub server: Server,
    /// Where data is kept.
    pub database: Database,
    /// What the log tells.
    pub log: Log,
    /// How mail leaves.
    pub mail: Mail,
    /// Passwords, tokens and what strangers are told.
    pub auth: Auth,
    /// Timing and bounds of the transport.
    pub socketio: SocketIo,
    /// What users see of each other.
    pub privacy: Privacy,
    /// Who is online and who types, as others see it.
    pub presence: Presence,
    /// How groups behave.
    pub groups: Groups,
    /// How much of their chats users may have in another way.
    pub chats: Chats,
    /// How many others users may have nothing to do with.
    pub users: Users,
    /// What can be done with messages after they were said.
    pub messages: Messages,
    /// Files that people upload.
    pub files: Files,
    /// How much is too much.
    pub limits: Limits,
    /// Paging.
    pub history: History,
    /// Messages found by their words.
    pub search: Search,
    /// Several nodes on one database.
    pub cluster: Cluster,
    /// How long what has ended is kept.
    pub retention: Retention,
    /// Bounds of every queue.
    pub actors: Actors,
}

impl Settings {
    /// Reads the defaults, the files and the environment of this process; `file` comes from `--config`.
    ///
    /// # Errors
    /// The first setting that cannot be, with the file or variable that it stands in.
    pub fn load(file: Option<&Path>) -> Result<Self, Wrong> {
        Sources::of_process(file)?.load().map(|(settings, _)| settings)
    }

    /// The built-in defaults, whatever files and environment say.
    pub fn defaults() -> Self {
        let (settings, _) = Sources::default().load().expect("the built-in defaults are tested");
        settings
    }

    /// Every key with its effective value and where that came from. Secrets are masked.
    ///
    /// # Errors
    /// The first setting that cannot be, with the file or variable that it stands in.
    pub fn show(file: Option<&Path>) -> Result<Vec<Row>, Wrong> {
        Sources::of_process(file)?.load().map(|(_, rows)| rows)
    }
}
