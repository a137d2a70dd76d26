//! Values that are well-formed but cannot work, alone or together.
use std::{net::IpAddr, time::Duration};

use humantime::format_duration;
use ipnet::IpNet;
use secrecy::ExposeSecret;
use url::Url;

use super::{
    Actors, FileStore, Files, Settings, Transport, cluster,
    deadlines::{DEADLINES, PROMISED},
    rule::{Rule, rule},
    sections::Server,
    urls::{wrong_database, wrong_smtp},
};

/// OWASP's least memory for Argon2id with two passes.
const LEAST_ARGON2_KIB: u32 = 19_456;
const MOST_ARGON2_KIB: u32 = 1 << 20;
/// HS256 wants a key no shorter than its output.
const LEAST_SECRET_BYTES: usize = 32;
const LEAST_DISTINCT_BYTES: usize = 8;
const MOST_UNREAD: u64 = 100_000;
/// Each costs memory for as long as the socket lives.
const MOST_WATCHED: usize = 1_000;
/// Somebody who hides is hidden within five seconds, of which one may pass before it is decided.
const WATCHERS_KNOW_WITHIN: Duration = Duration::from_secs(3);
const LINKS_WORK_FOR: Duration = Duration::from_secs(24 * 60 * 60);
const MOST_WAITING: usize = 10_000_000;
const MOST_THREADS: usize = 1_024;
const MOST_OUTBOUND_BYTES: usize = 1 << 30;
/// A record has seven values, and no database takes a statement of more than some ten thousands.
const MOST_RECORDS: usize = 4_000;
/// One decoded picture takes four bytes a pixel.
const MOST_PIXELS: u64 = 500_000_000;
const MOST_FILE_BYTES: usize = 1 << 30;
const SAMPLE_WORDS: [&str; 8] =
    ["changeme", "change-me", "change_me", "secret", "password", "example", "sample", "1234567"];

/// The first key that cannot be as it is, and what was expected of it.
pub(super) fn impossible(settings: &Settings) -> Option<(&'static str, String)> {
    let rules = server(&settings.server).into_iter();
    let rules = rules.chain(outside(settings)).chain(auth(settings)).chain(times(settings)).chain(counts(settings));
    let rules = rules.chain(files(&settings.files)).chain(cluster::rules(settings));
    rules.chain(together(settings)).find(|(holds, ..)| !holds).map(|(_, key, expected)| (key, expected))
}

fn server(server: &Server) -> Vec<Rule> {
    let url = server.public_url.as_str();
    let plain = url.is_empty() || (is_web(url) && !url.contains(['?', '#', ' ', '"', '<', '@']));
    let proxies = server.trusted_proxies.iter().all(|proxy| network(proxy).is_some());
    let origin = server.allowed_origins.iter().find_map(|origin| wrong_origin(origin));
    vec![
        rule(plain, "server.public_url", "expected a URL such as \"https://chat.example.org\""),
        rule(origin.is_none(), "server.allowed_origins", origin.unwrap_or_default()),
        rule(
            server.is_tls() != server.tls_key.as_os_str().is_empty(),
            "server.tls_key",
            "expected together with server.tls_cert, or neither of them",
        ),
        rule(
            server.listen.ip().to_canonical().is_loopback() || server.is_tls() || !server.trusted_proxies.is_empty(),
            "server.listen",
            "expected an address of this machine alone, such as \"127.0.0.1:8080\": others would send their passwords \
             unencrypted. To listen for them, set server.tls_cert and server.tls_key, or name the proxy that speaks TLS \
             in server.trusted_proxies",
        ),
        rule(
            !server.is_tls() || url.starts_with("https://"),
            "server.public_url",
            "expected https:// and the name of the certificate, because server.tls_cert is set",
        ),
        rule(proxies, "server.trusted_proxies", "expected addresses or networks such as \"10.0.0.0/8\""),
        rule(
            server.listen.port() == 0 || server.listen != server.admin_listen,
            "server.admin_listen",
            "expected another address than server.listen",
        ),
    ]
}

fn outside(settings: &Settings) -> Vec<Rule> {
    let mail = &settings.mail;
    let database = wrong_database(settings.database.url.expose_secret());
    let smtp = Some(mail.smtp_url.expose_secret()).filter(|_| mail.transport == Transport::Smtp).and_then(wrong_smtp);
    vec![
        rule(database.is_none(), "database.url", database.unwrap_or_default()),
        rule(smtp.is_none(), "mail.smtp_url", smtp.unwrap_or_default()),
        rule(mail.from.contains('@'), "mail.from", "expected a sender such as \"Greenroom <no-reply@example.org>\""),
    ]
}

fn auth(settings: &Settings) -> Vec<Rule> {
    let auth = &settings.auth;
    let strong = auth.own_secret().is_none_or(|secret| is_strong(secret.as_bytes()));
    let memory = (LEAST_ARGON2_KIB..=MOST_ARGON2_KIB).contains(&auth.argon2_memory_kib);
    let bounds = format!("expected {LEAST_ARGON2_KIB} to {MOST_ARGON2_KIB}");
    vec![
        rule(strong, "auth.secret", "expected 32 random bytes or more, such as from `openssl rand -base64 48`"),
        rule(memory, "auth.argon2_memory_kib", bounds),
        rule(auth.hash_queue > 0, "auth.hash_queue", "expected 1 or more"),
        rule(auth.access_ttl >= Duration::from_secs(1), "auth.access_ttl", "expected 1s or more"),
        rule(auth.refresh_ttl >= auth.access_ttl, "auth.refresh_ttl", "expected no less than auth.access_ttl"),
        rule(auth.session_ttl >= auth.refresh_ttl, "auth.session_ttl", "expected no less than auth.refresh_ttl"),
    ]
}

fn times(settings: &Settings) -> Vec<Rule> {
    let server = &settings.server;
    let socket = &settings.socketio;
    [
        ("server.head_timeout", server.head_timeout),
        ("server.body_timeout", server.body_timeout),
        ("server.answer_timeout", server.answer_timeout),
        ("socketio.ping_interval", socket.ping_interval),
        ("socketio.ping_timeout", socket.ping_timeout),
        ("socketio.connect_timeout", socket.connect_timeout),
        ("socketio.upgrade_timeout", socket.upgrade_timeout),
        ("actors.chat.idle_timeout", settings.actors.chat.idle_timeout),
        ("actors.writer.retry_for", settings.actors.writer.retry_for),
        ("retention.every", settings.retention.every),
        ("presence.interval", settings.presence.interval),
        ("presence.typing_pause", settings.presence.typing_pause),
    ]
    .map(|(key, time)| rule(!time.is_zero(), key, "expected more than 0s"))
    .into()
}

fn counts(settings: &Settings) -> Vec<Rule> {
    let limits = &settings.limits;
    let actors = &settings.actors;
    [
        ("limits.sockets_per_user", limits.sockets_per_user),
        ("limits.sockets_per_ip", limits.sockets_per_ip),
        ("limits.sockets", limits.sockets),
        ("limits.content_bytes", limits.content_bytes),
        ("limits.group_members", limits.group_members),
        ("actors.chat.max_live", actors.chat.max_live),
    ]
    .map(|(key, count)| rule(count > 0, key, "expected 1 or more"))
    .into_iter()
    .chain(bounded(actors))
    .chain(threads(settings))
    .collect()
}

fn files(files: &Files) -> Vec<Rule> {
    let is_s3 = files.store == FileStore::S3;
    let key = files.s3_secret_key.expose_secret();
    let types = files.types.iter().all(|word| is_media_type(word));
    vec![
        rule(!is_s3 || !files.s3_bucket.is_empty(), "files.s3_bucket", "expected the name of a bucket"),
        rule(!is_s3 || !files.s3_region.is_empty(), "files.s3_region", "expected a region such as \"eu-central-1\""),
        rule(
            files.s3_endpoint.is_empty() || is_web(&files.s3_endpoint),
            "files.s3_endpoint",
            "expected a URL such as \"https://s3.example.org\", or nothing for Amazon's own",
        ),
        rule(
            !is_s3 || files.s3_access_key.is_empty() == key.is_empty(),
            "files.s3_secret_key",
            "expected together with files.s3_access_key, or neither of them",
        ),
        rule(!files.folder.as_os_str().is_empty(), "files.folder", "expected a folder"),
        rule((1..=MOST_FILE_BYTES).contains(&files.max_size), "files.max_size", "expected 1 B to 1 GiB"),
        rule((1..=MOST_PIXELS).contains(&files.max_pixels), "files.max_pixels", format!("expected 1 to {MOST_PIXELS}")),
        rule(types, "files.types", "expected types such as \"image/*\" or \"application/pdf\""),
        rule(files.decoders <= MOST_THREADS, "files.decoders", format!("expected 0 to {MOST_THREADS}")),
    ]
}

/// One type, or all of a kind.
fn is_media_type(word: &str) -> bool {
    let is_token =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b".+-".contains(&b));
    word.split_once('/').is_some_and(|(kind, rest)| is_token(kind) && (rest == "*" || is_token(rest)))
}

/// Queues that would only be limited by memory are no bounds.
fn bounded(actors: &Actors) -> impl Iterator<Item = Rule> + use<> {
    [
        ("actors.session.mailbox_capacity", actors.session.mailbox_capacity, MOST_WAITING),
        ("actors.session.outbound_bytes", actors.session.outbound_bytes, MOST_OUTBOUND_BYTES),
        ("actors.registry.mailbox_capacity", actors.registry.mailbox_capacity, MOST_WAITING),
        ("actors.chat.mailbox_capacity", actors.chat.mailbox_capacity, MOST_WAITING),
        ("actors.writer.mailbox_capacity", actors.writer.mailbox_capacity, MOST_WAITING),
        ("actors.writer.batch_size", actors.writer.batch_size, MOST_RECORDS),
    ]
    .into_iter()
    .map(|(key, count, most)| rule((1..=most).contains(&count), key, format!("expected 1 to {most}")))
}

/// 0 stands for one per core.
fn threads(settings: &Settings) -> impl Iterator<Item = Rule> + use<> {
    [("server.workers", settings.server.workers), ("actors.arbiters", settings.actors.arbiters)]
        .into_iter()
        .map(|(key, count)| rule(count <= MOST_THREADS, key, format!("expected 0 to {MOST_THREADS}")))
}

fn together(settings: &Settings) -> Vec<Rule> {
    let least = settings.limits.content_bytes.saturating_mul(6).saturating_add(1024);
    let payload = settings.socketio.max_payload;
    let history = &settings.history;
    let outbound = settings.actors.session.outbound_bytes;
    let writer = &settings.actors.writer;
    let limits = &settings.limits;
    let presence = &settings.presence;
    vec![
        rule(
            limits.connections_per_ip == 0 || limits.connections_per_ip >= limits.sockets_per_ip,
            "limits.connections_per_ip",
            format!("expected {} or more, which is limits.sockets_per_ip, or 0", limits.sockets_per_ip),
        ),
        rule(
            payload >= least,
            "socketio.max_payload",
            format!("expected {least} bytes or more, 6 x limits.content_bytes + 1 KiB"),
        ),
        rule(
            (1..=history.max_page).contains(&history.page),
            "history.page",
            format!("expected 1 to history.max_page, which is {}", history.max_page),
        ),
        rule(
            (1..=MOST_UNREAD).contains(&history.unread_cap),
            "history.unread_cap",
            format!("expected 1 to {MOST_UNREAD}"),
        ),
        rule(
            settings.retention.sign_ups >= LINKS_WORK_FOR,
            "retention.sign_ups",
            "expected a day or more: so long the links of sign-ups work",
        ),
        rule(
            settings.server.shutdown_spread < settings.server.shutdown_timeout,
            "server.shutdown_spread",
            "expected less than server.shutdown_timeout",
        ),
        rule(
            outbound >= payload,
            "actors.session.outbound_bytes",
            format!("expected {payload} bytes or more, which is socketio.max_payload"),
        ),
        rule(
            writer.batch_delay < writer.retry_for,
            "actors.writer.batch_delay",
            "expected less than actors.writer.retry_for",
        ),
        in_time(writer.retry_for),
        rule(presence.watch <= MOST_WATCHED, "presence.watch", format!("expected 0 to {MOST_WATCHED}")),
        rule(
            presence.interval <= WATCHERS_KNOW_WITHIN,
            "presence.interval",
            format!("expected {} or less", format_duration(WATCHERS_KNOW_WITHIN)),
        ),
        rule(
            presence.typing_expires > presence.typing_pause && presence.typing_expires >= Duration::from_secs(1),
            "presence.typing_expires",
            "expected 1s or more, and more than presence.typing_pause",
        ),
    ]
}

/// Whether a message is answered as soon as is promised, with all that it may wait for.
fn in_time(retry_for: Duration) -> Rule {
    let longest = DEADLINES.longest_retry();
    let expected = format!(
        "expected {} or less: with all other waits for the database a message would not be answered within {} any more",
        format_duration(longest),
        format_duration(PROMISED)
    );
    rule(retry_for <= longest, "actors.writer.retry_for", expected)
}

/// Whether a secret is long, varied, and not what an example in some guide says.
pub fn is_strong(secret: &[u8]) -> bool {
    let mut distinct = secret.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let folded = String::from_utf8_lossy(secret).to_lowercase();
    let sample = SAMPLE_WORDS.iter().any(|word| folded.contains(word));
    secret.len() >= LEAST_SECRET_BYTES && distinct.len() >= LEAST_DISTINCT_BYTES && !sample
}

/// A network, or an address for the network of itself alone.
pub fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

fn is_web(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(is_host) && Url::parse(url).is_ok()
}

/// Whether something begins with a host, as what follows `://` must.
fn is_host(rest: &str) -> bool {
    !rest.is_empty() && !rest.starts_with('/')
}

/// What an allowed origin must be and is not. One that browsers spell otherwise would be matched by none of them. Pages
/// inside apps have origins too, of schemes that no server can have: these are sent as they are.
fn wrong_origin(origin: &str) -> Option<String> {
    let is_app = ["capacitor://", "ionic://"].iter().any(|scheme| origin.strip_prefix(scheme).is_some_and(is_host));
    let is_bare = origin.matches('/').count() == 2 && !origin.contains(['*', ' ', '@', '?', '#']);
    if !is_bare || !(is_app || is_web(origin)) {
        return Some("expected origins such as \"https://chat.example.org\", without a path".into());
    }
    let sent = Url::parse(origin).ok().filter(|_| !is_app)?.origin().ascii_serialization();
    (sent != origin).then(|| format!("expected {sent:?} in place of {origin:?}: that is how browsers send it"))
}
