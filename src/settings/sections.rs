//! What can be set, section by section. `config/default.toml` says what each key bounds and when to change it.
use std::{net::SocketAddr, path::PathBuf, time::Duration};

use ipnet::IpNet;
use log::LevelFilter;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::{
    Rate,
    choices::{FileStore, RefuseWith, Synchronous, Transport},
    network, units,
    urls::SqliteUrl,
};

/// Where and how the server answers.
#[derive(Debug, Clone, Deserialize)]
pub struct Server {
    /// HTTP and Socket.IO.
    #[serde(deserialize_with = "units::address")]
    pub listen: SocketAddr,
    /// Health, metrics and administration.
    #[serde(deserialize_with = "units::address")]
    pub admin_listen: SocketAddr,
    /// How the outside reaches this server, without a slash at the end; empty until `bound_to` has filled it.
    pub public_url: String,
    /// Other origins whose pages may call with cookies.
    pub allowed_origins: Vec<String>,
    /// The certificate chain, PEM; empty: connections are not encrypted here.
    pub tls_cert: PathBuf,
    /// The certificate's key, PEM.
    pub tls_key: PathBuf,
    /// Networks of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<String>,
    /// HTTP threads; 0 = one per core.
    pub workers: usize,
    /// How long the head of a request may take.
    #[serde(deserialize_with = "units::duration")]
    pub head_timeout: Duration,
    /// How long its body may take.
    #[serde(deserialize_with = "units::duration")]
    pub body_timeout: Duration,
    /// How long a client may read nothing of its answer.
    #[serde(deserialize_with = "units::duration")]
    pub answer_timeout: Duration,
    /// How long stopping may take.
    #[serde(deserialize_with = "units::duration")]
    pub shutdown_timeout: Duration,
    /// Over how long the sockets are closed when stopping.
    #[serde(deserialize_with = "units::duration")]
    pub shutdown_spread: Duration,
}

impl Server {
    /// Derives a `public_url` that was not set from the address that the listener really got.
    pub fn bound_to(&mut self, address: SocketAddr) {
        if self.public_url.is_empty() {
            let host = if address.ip().is_unspecified() { "127.0.0.1".into() } else { units::url_host(address.ip()) };
            self.public_url = format!("http://{host}:{}", address.port());
        }
    }

    /// Scheme, host and port of `public_url`, as browsers name them: in small letters, without the port that goes without
    /// saying. Nothing if it is not filled.
    pub fn origin(&self) -> Option<String> {
        Url::parse(&self.public_url).ok().map(|url| url.origin().ascii_serialization())
    }

    /// Whether connections are encrypted here.
    pub fn is_tls(&self) -> bool {
        !self.tls_cert.as_os_str().is_empty()
    }

    /// The networks of `trusted_proxies`.
    pub fn proxies(&self) -> Vec<IpNet> {
        self.trusted_proxies.iter().filter_map(|proxy| network(proxy)).collect()
    }

    /// Whether the outside speaks https to this server.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// Where data is kept.
#[derive(Debug, Clone, Deserialize)]
pub struct Database {
    /// `sqlite://FILE`, `postgres://…` or `mysql://…`.
    pub url: SecretString,
    /// SQLite only: how sure a commit is.
    pub synchronous: Synchronous,
}

impl Database {
    /// Which database it is, as the URL begins.
    pub fn scheme(&self) -> &str {
        self.url.expose_secret().split(':').next().unwrap_or_default()
    }

    /// The file of a SQLite database. Nothing if it is another one, or the URL cannot be.
    pub fn sqlite(&self) -> Option<SqliteUrl> {
        SqliteUrl::read(self.url.expose_secret())?.ok()
    }

    /// Where it is, without user, password and parameters.
    pub fn place(&self) -> String {
        let (scheme, rest) = self.url.expose_secret().split_once("://").unwrap_or(("?", ""));
        let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
        format!("{scheme}://{}", place.split('?').next().unwrap_or_default())
    }
}

/// What the log tells.
#[derive(Debug, Clone, Deserialize)]
pub struct Log {
    /// The least important lines that are written.
    pub level: LevelFilter,
}

/// How mail leaves.
#[derive(Debug, Clone, Deserialize)]
pub struct Mail {
    /// Files or SMTP.
    pub transport: Transport,
    /// The folder of the outbox.
    pub outbox: PathBuf,
    /// The SMTP server with its credentials.
    pub smtp_url: SecretString,
    /// The sender.
    pub from: String,
}

/// Passwords, tokens and what strangers are told.
#[derive(Debug, Clone, Deserialize)]
pub struct Auth {
    /// The signing key; empty = generated into `secret_file`.
    pub secret: SecretString,
    /// Where a generated key is kept.
    pub secret_file: PathBuf,
    /// Life of an access token.
    #[serde(deserialize_with = "units::duration")]
    pub access_ttl: Duration,
    /// Life of a refresh token that is not used.
    #[serde(deserialize_with = "units::duration")]
    pub refresh_ttl: Duration,
    /// Life of a login, however much it is used.
    #[serde(deserialize_with = "units::duration")]
    pub session_ttl: Duration,
    /// Whether answers tell who has an account.
    pub reveal_accounts: bool,
    /// Whether a socket's URL may carry tokens.
    pub allow_query_tokens: bool,
    /// How a socket without valid tokens is turned away.
    pub refuse_with: RefuseWith,
    /// Memory of one password hash, in KiB.
    pub argon2_memory_kib: u32,
    /// Password hashes that may wait.
    pub hash_queue: usize,
}

impl Auth {
    /// The signing key, if it is set here.
    pub fn own_secret(&self) -> Option<&str> {
        Some(self.secret.expose_secret()).filter(|secret| !secret.is_empty())
    }
}

/// Timing and bounds of the transport.
#[derive(Debug, Clone, Deserialize)]
pub struct SocketIo {
    /// Time between two heartbeats.
    #[serde(deserialize_with = "units::duration")]
    pub ping_interval: Duration,
    /// How long a heartbeat's answer may take.
    #[serde(deserialize_with = "units::duration")]
    pub ping_timeout: Duration,
    /// The largest frame or polling body, in bytes.
    #[serde(deserialize_with = "units::size")]
    pub max_payload: usize,
    /// How long a connection may go without a signed-in namespace.
    #[serde(deserialize_with = "units::duration")]
    pub connect_timeout: Duration,
    /// How long an upgrade to WebSocket may take.
    #[serde(deserialize_with = "units::duration")]
    pub upgrade_timeout: Duration,
}

/// What users see of each other.
#[derive(Debug, Clone, Deserialize)]
pub struct Privacy {
    /// Whether searches show mail addresses.
    pub show_email: bool,
}

/// What can be done with messages after they were said.
#[derive(Debug, Clone, Deserialize)]
pub struct Messages {
    /// How long a message can be edited by its sender.
    #[serde(deserialize_with = "units::duration")]
    pub edit_window: Duration,
    /// How long a message can be deleted by its sender.
    #[serde(deserialize_with = "units::duration")]
    pub delete_window: Duration,
    /// How many different emojis there may be on one message.
    pub reactions: usize,
    /// How many of them may come from one member.
    pub reactions_per_user: usize,
    /// How many people one message may mention.
    pub mentions: usize,
    /// How many files one message may bring along.
    pub attachments: usize,
    /// How many messages of a chat may be pinned.
    pub pins: usize,
    /// How many messages one user may have starred.
    pub stars: usize,
}

/// Files that people upload.
#[derive(Debug, Clone, Deserialize)]
pub struct Files {
    /// Where their bytes are.
    pub store: FileStore,
    /// The folder, where they are in one; otherwise that of uploads under way.
    pub folder: PathBuf,
    /// The S3 service, if it is not Amazon's.
    pub s3_endpoint: String,
    /// Its bucket.
    pub s3_bucket: String,
    /// Where that is.
    pub s3_region: String,
    /// Who we are to it.
    pub s3_access_key: String,
    /// By what it knows that.
    pub s3_secret_key: SecretString,
    /// The largest file, in bytes.
    #[serde(deserialize_with = "units::size")]
    pub max_size: usize,
    /// The largest picture, in pixels.
    pub max_pixels: u64,
    /// How many bytes one user may keep.
    #[serde(deserialize_with = "units::size")]
    pub quota_per_user: usize,
    /// How long a file that nothing holds is kept after its upload.
    #[serde(deserialize_with = "units::duration")]
    pub orphan_ttl: Duration,
    /// What may be uploaded, such as `image/*`; empty: everything.
    pub types: Vec<String>,
    /// How many pictures are decoded at once; 0: as many as there are cores.
    pub decoders: usize,
}

/// Who is online and who types, as others see it.
#[derive(Debug, Clone, Deserialize)]
pub struct Presence {
    /// How many people one socket may watch.
    pub watch: usize,
    /// How often it is told of them.
    #[serde(deserialize_with = "units::duration")]
    pub interval: Duration,
    /// How long somebody whose last socket went counts as online.
    #[serde(deserialize_with = "units::duration")]
    pub grace: Duration,
    /// When those who hear that somebody types forget it.
    #[serde(deserialize_with = "units::duration")]
    pub typing_expires: Duration,
    /// How often it is told that somebody types on.
    #[serde(deserialize_with = "units::duration")]
    pub typing_pause: Duration,
    /// In groups with more members nobody hears of it.
    pub typing_members: usize,
}

/// How groups behave.
#[derive(Debug, Clone, Deserialize)]
pub struct Groups {
    /// Whether a later member sees what was said before.
    pub history_for_new_members: bool,
    /// How many people a group may keep out.
    pub bans: usize,
    /// How many usable invitations a group may have.
    pub invites: usize,
}

/// How much of their chats users may have in another way.
#[derive(Debug, Clone, Deserialize)]
pub struct Chats {
    /// How many chats one user may pin.
    pub pinned: usize,
}

/// How many others users may have nothing to do with.
#[derive(Debug, Clone, Deserialize)]
pub struct Users {
    /// How many people one user may have blocked.
    pub blocks: usize,
}

/// How much is too much.
#[derive(Debug, Clone, Deserialize)]
pub struct Limits {
    /// Whether rate limits and socket counts are in force.
    pub enabled: bool,
    /// Tries to log in to one account.
    pub logins_per_account: Rate,
    /// Tries to log in to one account from one address.
    pub logins_per_pair: Rate,
    /// Wrong passwords, codes and tokens from one address.
    pub failures_per_ip: Rate,
    /// Time between two mails to one address.
    #[serde(deserialize_with = "units::duration")]
    pub mail_pause: Duration,
    /// Mails to one address.
    pub mails_per_address: Rate,
    /// Mails that one address makes the server write.
    pub mails_per_ip: Rate,
    /// HTTP requests from one address.
    pub requests_per_ip: Rate,
    /// New connections of sockets from one address.
    pub handshakes_per_ip: Rate,
    /// Events of one user's sockets.
    pub events_per_user: Rate,
    /// Changes that one user makes of messages and groups.
    pub changes_per_user: Rate,
    /// Invitations that one user looks at or follows.
    pub invites_per_user: Rate,
    /// Times that one user edits the own profile.
    pub profiles_per_user: Rate,
    /// Files that one user uploads.
    pub uploads_per_user: Rate,
    /// Searches of messages by one user.
    pub searches_per_user: Rate,
    /// Searches of people by one user.
    pub people_per_user: Rate,
    /// Events of the sockets of one address.
    pub events_per_ip: Rate,
    /// Exports of one user's data.
    pub exports_per_user: Rate,
    /// Sockets of one user.
    pub sockets_per_user: usize,
    /// Sockets from one network address.
    pub sockets_per_ip: usize,
    /// Sockets of this server.
    pub sockets: usize,
    /// TCP connections from one network address; 0 = four times `sockets_per_ip`.
    pub connections_per_ip: usize,
    /// TCP connections to this server; 0 = as many as files may be open.
    pub connections: usize,
    /// The longest message, in bytes of UTF-8.
    #[serde(deserialize_with = "units::size")]
    pub content_bytes: usize,
    /// Members of one group.
    pub group_members: usize,
}

/// How long what has ended is kept.
#[derive(Debug, Clone, Deserialize)]
pub struct Retention {
    /// Time between two looks at what has ended.
    #[serde(deserialize_with = "units::duration")]
    pub every: Duration,
    /// Logins, after they ended.
    #[serde(deserialize_with = "units::duration")]
    pub logins: Duration,
    /// Refresh tokens, after they expired.
    #[serde(deserialize_with = "units::duration")]
    pub refresh_tokens: Duration,
    /// Mailed links and codes, after they expired.
    #[serde(deserialize_with = "units::duration")]
    pub mail_tokens: Duration,
    /// Sign-ups that nobody verified.
    #[serde(deserialize_with = "units::duration")]
    pub sign_ups: Duration,
    /// Invitations, after they expired.
    #[serde(deserialize_with = "units::duration")]
    pub invites: Duration,
}

/// Messages found by their words.
#[derive(Debug, Clone, Deserialize)]
pub struct Search {
    /// Whether messages can be searched.
    pub enabled: bool,
}

/// Paging.
#[derive(Debug, Clone, Deserialize)]
pub struct History {
    /// Messages per page by default.
    pub page: u64,
    /// Messages per page at most.
    pub max_page: u64,
    /// How far unread messages are counted.
    pub unread_cap: u64,
}
