//! The layers as an operator meets them: which one wins, and what a mistake is answered with.
use std::{path::PathBuf, time::Duration};

use secrecy::ExposeSecret;

use super::*;

fn environment(pairs: &[(&str, &str)]) -> Sources {
    let environment = pairs.iter().map(|(name, value)| (format!("GREENROOM__{name}").into(), value.into())).collect();
    Sources { files: vec![], environment }
}

fn in_file(text: &str) -> (tempfile::TempDir, PathBuf, Sources) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    std::fs::write(&path, text).unwrap();
    let sources = Sources { files: vec![path.clone()], environment: vec![] };
    (folder, path, sources)
}

fn complaint(sources: &Sources) -> String {
    sources.load().unwrap_err().to_string()
}

#[test]
fn the_defaults_can_be_and_are_what_the_documentation_says() {
    let settings = Settings::defaults();
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.server.admin_listen.to_string(), "127.0.0.1:9090");
    assert_eq!(settings.database.url.expose_secret(), "sqlite://data/greenroom.db");
    assert_eq!(settings.database.synchronous, Synchronous::Full);
    assert_eq!(settings.socketio.max_payload, 128 * 1024);
    assert_eq!(settings.socketio.connect_timeout, Duration::from_secs(10));
    assert_eq!(settings.actors.session.outbound_bytes, 1 << 20);
    assert_eq!(settings.actors.writer.retry_for, Duration::from_secs(5));
    assert!(settings.limits.enabled && !settings.auth.reveal_accounts);
}

#[test]
fn a_file_wins_over_the_defaults_and_the_environment_over_the_file() {
    let (_folder, _, mut sources) = in_file("[server]\nworkers = 3\n[history]\npage = 7\n");
    sources.environment = environment(&[("SERVER__WORKERS", "4")]).environment;
    let (settings, _) = sources.load().unwrap();
    assert_eq!((settings.server.workers, settings.history.page, settings.history.max_page), (4, 7, 200));
}

#[test]
fn a_value_of_the_environment_is_read_by_the_type_of_its_default() {
    let digits = "9".repeat(32) + "01234567";
    let (settings, _) = environment(&[
        ("AUTH__SECRET", &digits.replace("234", "abc")),
        ("AUTH__REVEAL_ACCOUNTS", "true"),
        ("MAIL__FROM", "1@2"),
        ("ACTORS__CHAT__MAILBOX_CAPACITY", "9"),
        ("LIMITS__CONTENT_BYTES", "8KiB"),
        ("SERVER__ALLOWED_ORIGINS", "https://a.example,http://b.example:81"),
    ])
    .load()
    .unwrap();
    assert!(settings.auth.secret.expose_secret().starts_with("999") && settings.auth.reveal_accounts);
    assert_eq!((settings.mail.from.as_str(), settings.actors.chat.mailbox_capacity), ("1@2", 9));
    assert_eq!(settings.limits.content_bytes, 8192);
    assert_eq!(settings.server.allowed_origins, ["https://a.example", "http://b.example:81"]);
}

#[test]
fn an_unknown_key_names_its_file_or_variable_and_the_keys_there_are() {
    let (_folder, path, sources) = in_file("[privacy]\nshow_mail = true\n");
    let expected = format!("{}: privacy.show_mail: unknown key, expected one of show_email", path.display());
    assert_eq!(complaint(&sources), expected);
    let text = complaint(&environment(&[("ACTORS__CHAT__MAILBOX", "1")]));
    assert!(text.starts_with("GREENROOM__ACTORS__CHAT__MAILBOX: actors.chat.mailbox: unknown key"), "{text}");
}

#[test]
fn a_name_that_is_nearly_right_is_refused_with_the_right_one() {
    for nearly in ["GREENROOM__SERVER.WORKERS", "GREENROOM_SERVER_WORKERS", "GREENROOM__server__workers"] {
        let sources = Sources { files: vec![], environment: vec![(nearly.into(), "3".into())] };
        let expected = format!("{nearly}: server.workers: expected the name GREENROOM__SERVER__WORKERS");
        assert_eq!(complaint(&sources), expected);
    }
    let (_folder, path, sources) = in_file("\"server.workers\" = 3\n");
    let text = complaint(&sources);
    assert!(text.starts_with(&format!("{}: \"server.workers\": unknown key", path.display())), "{text}");
}

#[test]
fn a_value_in_place_of_a_section_is_refused_and_a_section_in_place_of_a_value_too() {
    let (_folder, path, sources) = in_file("server = 3\n");
    assert_eq!(complaint(&sources), format!("{}: server: expected a section, not a value", path.display()));
    for text in ["[server.workers]\n", "[server.workers]\nx = 1\n"] {
        let (_folder, path, sources) = in_file(text);
        assert!(complaint(&sources).starts_with(&format!("{}: server.workers", path.display())), "{text}");
    }
}

#[test]
fn a_wrong_item_of_a_list_names_the_file_and_the_list() {
    let (_folder, path, sources) = in_file("[server]\nallowed_origins = [1]\n");
    let text = complaint(&sources);
    assert!(text.starts_with(&format!("{}: server.allowed_origins: expected a text", path.display())), "{text}");
}

#[cfg(unix)]
#[test]
fn a_value_that_is_not_utf_8_is_refused_rather_than_changed() {
    use std::os::unix::ffi::OsStringExt;
    let value = std::ffi::OsString::from_vec(vec![b'x', 0xff]);
    let sources = Sources { files: vec![], environment: vec![("GREENROOM__MAIL__FROM".into(), value)] };
    assert_eq!(complaint(&sources), "GREENROOM__MAIL__FROM: mail.from: expected UTF-8");
}

#[test]
fn a_wrong_type_names_its_source_its_key_and_what_was_expected() {
    let (_folder, path, sources) = in_file("[socketio]\nping_interval = \"soon\"\n");
    let text = complaint(&sources);
    assert!(text.starts_with(&format!("{}: socketio.ping_interval: ", path.display())), "{text}");
    assert!(text.contains("expected a duration such as \"30s\"") && text.contains("soon"), "{text}");
    for (name, value, expected) in [
        ("SERVER__WORKERS", "many", "server.workers: expected a whole number, 0 or more"),
        ("SERVER__WORKERS", "-1", "server.workers: expected a whole number, 0 or more"),
        ("SERVER__LISTEN", "8080", "server.listen: expected an address such as"),
        ("LIMITS__ENABLED", "maybe", "limits.enabled: expected true or false"),
        ("DATABASE__SYNCHRONOUS", "some", "database.synchronous: expected one of off, normal, full, extra"),
        ("SOCKETIO__PING_TIMEOUT", "20", "socketio.ping_timeout: expected a duration"),
        (
            "SOCKETIO__PING_TIMEOUT",
            "101y",
            "socketio.ping_timeout: expected a duration such as \"30s\", at most 100 years",
        ),
        ("LIMITS__MAILS_PER_IP", "1 per 90y, burst 2", "limits.mails_per_ip: expected a rate"),
        ("LOG__LEVEL", "loud", "log.level: expected one of OFF, ERROR, WARN, INFO, DEBUG, TRACE"),
    ] {
        let text = complaint(&environment(&[(name, value)]));
        assert!(text.starts_with(&format!("GREENROOM__{name}: {expected}")), "{text}");
    }
}

#[test]
fn impossible_values_and_combinations_stop_the_start() {
    for (name, value) in [
        ("SOCKETIO__MAX_PAYLOAD", "64KiB"),
        ("SOCKETIO__PING_INTERVAL", "0s"),
        ("HISTORY__PAGE", "201"),
        ("HISTORY__PAGE", "0"),
        ("AUTH__ARGON2_MEMORY_KIB", "19455"),
        ("AUTH__REFRESH_TTL", "1m"),
        ("ACTORS__WRITER__BATCH_SIZE", "0"),
        ("SERVER__PUBLIC_URL", "chat.example.org"),
        ("SERVER__PUBLIC_URL", "https://chat.example.org:many"),
        ("SERVER__ALLOWED_ORIGINS", "*"),
        ("SERVER__ALLOWED_ORIGINS", "https://a.example/"),
        ("SERVER__ALLOWED_ORIGINS", "capacitor://"),
        ("SERVER__ALLOWED_ORIGINS", "capacitor://localhost/"),
        ("SERVER__ALLOWED_ORIGINS", "capacitor://*"),
        ("SERVER__ALLOWED_ORIGINS", "file://localhost"),
        ("SERVER__ALLOWED_ORIGINS", "https://[a.example"),
        ("DATABASE__URL", "oracle://x"),
        ("DATABASE__URL", "sqlite::memory:"),
        ("DATABASE__URL", "postgres://u:s3cr3t#1@h/db"),
        ("SERVER__WORKERS", "1025"),
        ("ACTORS__ARBITERS", "1025"),
        ("SERVER__PUBLIC_URL", "https://me:hush@chat.example.org"),
        ("SERVER__ADMIN_LISTEN", "127.0.0.1:8080"),
        ("ACTORS__WRITER__RETRY_FOR", "0s"),
        ("ACTORS__WRITER__RETRY_FOR", "5001ms"),
        ("ACTORS__WRITER__BATCH_DELAY", "5s"),
        ("ACTORS__WRITER__BATCH_SIZE", "4001"),
        ("ACTORS__CHAT__MAILBOX_CAPACITY", "100000000"),
        ("ACTORS__SESSION__OUTBOUND_BYTES", "1000GiB"),
    ] {
        let text = complaint(&environment(&[(name, value)]));
        assert!(text.starts_with(&format!("GREENROOM__{name}: ")), "{name}={value}: {text}");
    }
    let text = complaint(&environment(&[("MAIL__TRANSPORT", "smtp")]));
    assert!(text.contains("mail.smtp_url: expected smtp://"), "{text}");
}

#[test]
fn an_origin_that_no_browser_sends_is_refused_with_the_one_that_they_send() {
    for (wrong, sent) in [
        ("https://A.example", "https://a.example"),
        ("https://a.example:443", "https://a.example"),
        ("http://a.example:80", "http://a.example"),
        ("HTTPS://a.example", ""),
        ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example"),
        ("http://127.1", "http://127.0.0.1"),
    ] {
        let both = format!("https://right.example, {wrong}");
        let text = complaint(&environment(&[("SERVER__ALLOWED_ORIGINS", &both)]));
        let expected =
            if sent.is_empty() { "expected origins such as".into() } else { format!("expected {sent:?} in place") };
        assert!(text.contains(&expected), "{wrong}: {text}");
    }
    for right in ["https://a.example:8443", "http://[::1]:81", "capacitor://localhost", "ionic://Localhost"] {
        let (settings, _) = environment(&[("SERVER__ALLOWED_ORIGINS", right)]).load().unwrap();
        assert_eq!(settings.server.allowed_origins, [right]);
    }
}

#[test]
fn a_weak_or_sample_secret_stops_the_start_and_is_not_repeated() {
    let sample = "my-Secret-my-key-for-this-long-server";
    for weak in ["short", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", sample] {
        let text = complaint(&environment(&[("AUTH__SECRET", weak)]));
        assert!(text.contains("auth.secret: expected 32 random bytes") && !text.contains(weak), "{text}");
    }
    let (_folder, _, sources) = in_file("[auth]\nsecret = 4711\n");
    assert!(!complaint(&sources).contains("4711"));
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let text = Settings::load(Some("no/such.toml".as_ref())).unwrap_err().to_string();
    assert_eq!(text, "no/such.toml: the whole file: there is no such file");
}

#[test]
fn broken_toml_names_the_file_and_the_line_but_shows_no_excerpt() {
    let (_folder, path, sources) = in_file("[auth]\nsecret = \"hush\n");
    let text = complaint(&sources);
    assert!(text.starts_with(&path.display().to_string()) && text.contains("line 2"), "{text}");
    assert!(!text.contains("hush"), "{text}");
}

#[test]
fn the_rows_show_every_key_with_its_origin_and_no_secret() {
    let (_folder, path, mut sources) = in_file("[mail]\nsmtp_url = \"smtps://u:hush@h\"\n");
    let secret = "kX2!9vQz7LwR4tYm8NcB3hGf6JdS1pAe";
    sources.environment = environment(&[("AUTH__SECRET", secret)]).environment;
    let (_, rows) = sources.load().unwrap();
    let row = |key: &str| rows.iter().find(|row| row.key == key).unwrap();
    assert_eq!(row("server.workers").origin, "built-in default");
    assert_eq!(
        (&*row("mail.smtp_url").value, &*row("mail.smtp_url").origin),
        ("\"smtps://u:********@h\"", path.to_str().unwrap())
    );
    assert_eq!((&*row("auth.secret").value, &*row("auth.secret").origin), ("\"********\"", "GREENROOM__AUTH__SECRET"));
    assert_eq!(row("actors.session.outbound_bytes").value, "\"1MiB\"");
    assert!(rows.iter().all(|row| !row.value.contains("hush") && !row.value.contains(secret)));
}

#[test]
fn settings_that_are_printed_by_mistake_show_no_secret() {
    let mut sources = environment(&[("AUTH__SECRET", "kX2!9vQz7LwR4tYm8NcB3hGf6JdS1pAe")]);
    sources.environment.extend(environment(&[("DATABASE__URL", "postgres://me:hush@db/x")]).environment);
    sources.environment.extend(environment(&[("MAIL__SMTP_URL", "smtps://me:hush@mail.x.org")]).environment);
    let printed = format!("{:?}", sources.load().unwrap().0);
    assert!(printed.contains("smtp_url") && !printed.contains("hush") && !printed.contains("kX2"), "{printed}");
}

#[test]
fn what_is_shown_is_a_file_that_says_the_same() {
    let odd = "a \"b\" \\c é\u{202e} <x@y.org>";
    let mut sources = environment(&[
        ("MAIL__FROM", odd),
        ("SERVER__TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
        ("LIMITS__CONTENT_BYTES", "8192"),
        ("DATABASE__URL", "mysql://me@db/x"),
        ("AUTH__SECRET", "kX2!9vQz7LwR4tYm8NcB3hGf6JdS1pAe"),
    ]);
    let (settings, rows) = sources.load().unwrap();
    let shown: Vec<_> = rows.iter().map(ToString::to_string).collect();
    let (_folder, _, file) = in_file(&shown.join("\n"));
    let (mut read, again) = file.load().unwrap();
    let values = |rows: &[Row]| rows.iter().map(|row| (row.key.clone(), row.value.clone())).collect::<Vec<_>>();
    let known = |rows| values(rows).into_iter().filter(|(key, _)| key != "auth.secret").collect::<Vec<_>>();
    assert_eq!(known(&again), known(&rows));
    assert_eq!((&*read.mail.from, read.auth.own_secret()), (odd, None), "a secret is a comment");
    read.auth.secret.clone_from(&settings.auth.secret);
    assert_eq!(format!("{read:?}"), format!("{settings:?}"));
    assert_eq!(read.database.url.expose_secret(), settings.database.url.expose_secret());
    assert_eq!(read.mail.smtp_url.expose_secret(), settings.mail.smtp_url.expose_secret());
    sources.environment = environment(&[("DATABASE__URL", "postgres://me:hush@db/x")]).environment;
    let shown: Vec<_> = sources.load().unwrap().1.iter().map(ToString::to_string).collect();
    let (_folder, _, file) = in_file(&shown.join("\n"));
    assert_eq!(
        file.load().unwrap().0.database.url.expose_secret(),
        "postgres://me:********@db/x",
        "another database than none"
    );
}

#[test]
fn the_public_url_follows_the_bound_address_unless_it_is_set() {
    let mut settings = Settings::defaults();
    settings.server.bound_to("0.0.0.0:4711".parse().unwrap());
    assert_eq!(settings.server.public_url, "http://127.0.0.1:4711");
    let (mut set, _) = environment(&[("SERVER__PUBLIC_URL", "https://chat.example.org/")]).load().unwrap();
    set.server.bound_to("[::1]:4711".parse().unwrap());
    assert_eq!(set.server.public_url, "https://chat.example.org");
    assert!(set.server.is_https() && !settings.server.is_https());
}

#[test]
fn the_origin_is_the_public_url_without_its_path() {
    for (url, origin) in [
        ("https://chat.example.org", Some("https://chat.example.org")),
        ("https://example.org:444/chat/here", Some("https://example.org:444")),
        ("https://Example.org:443/chat", Some("https://example.org")),
        ("http://127.0.0.1:80", Some("http://127.0.0.1")),
        ("", None),
    ] {
        let mut server = Settings::defaults().server;
        server.public_url = url.into();
        assert_eq!(server.origin().as_deref(), origin);
    }
}

#[test]
fn the_production_file_is_valid_once_its_secrets_are_given() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("config/production.toml");
    let mut sources = environment(&[("MAIL__SMTP_URL", "smtps://u:p@mail.example.org")]);
    sources.files.push(file);
    assert_eq!(sources.load().unwrap().0.mail.transport, Transport::Smtp);
}
