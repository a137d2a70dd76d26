//! The URL of the database and of the mail server, the key of TLS: each works, or is refused with key and reason and not repeated.
use std::fs;

use crate::process::{Home, said};

const ADD: [&str; 8] =
    ["user", "add", "--name", "Ann", "--email", "ann@example.org", "--password", "tr0mbone in the attic"];
const RIGHT: &str = "the settings are right\n";

fn with(home: &Home, key: &str, value: &str, command: &[&str]) -> (bool, String, String) {
    said(home.command(command).env(format!("GREENROOM__{key}"), value).output().unwrap())
}

#[test]
fn a_url_of_sqlite_that_is_right_opens_the_file_that_it_names() {
    for (url, file) in [
        ("sqlite://data/x.db", "data/x.db"),
        ("sqlite:x.db", "x.db"),
        ("sqlite://my data/x y.db?mode=rwc", "my data/x y.db"),
        ("sqlite://my%20data/100%.db", "my data/100%.db"),
        ("sqlite://what%3f#1.db", "what?#1.db"),
        ("sqlite://data/:memory:.db", "data/:memory:.db"),
        ("sqlite://file:x.db", "file:x.db"),
    ] {
        let home = Home::with("");
        assert_eq!(with(&home, "DATABASE__URL", url, &["config", "check"]), (true, RIGHT.into(), String::new()));
        let (added, _, why) = with(&home, "DATABASE__URL", url, &ADD);
        assert!(added && home.path().join(file).is_file(), "{url}: {why}");
        let (again, _, why) = with(&home, "DATABASE__URL", &format!("sqlite:{file}").replace('?', "%3f"), &ADD);
        assert!(!again && why.contains("already there"), "{url}: the same file: {why}");
        let copied = with(&home, "DATABASE__URL", url, &["backup", "copy.db"]);
        assert!(copied.0 && home.path().join("copy.db").is_file(), "{url}: {copied:?}");
    }
}

#[test]
fn a_file_that_must_be_there_is_not_made() {
    let home = Home::with("");
    let (added, _, why) = with(&home, "DATABASE__URL", "sqlite://x.db?mode=rw", &ADD);
    assert!(!added && why.contains("x.db: No such file or directory") && !home.path().join("x.db").exists(), "{why}");
}

#[test]
fn a_url_that_is_wrong_stops_the_check_and_the_start_and_no_part_of_it_is_told() {
    for url in [
        "sqlite::memory:",
        "sqlite://",
        "sqlite://x.db?mode=memory",
        "sqlite://x.db?mode=ro",
        "sqlite://%ffhush.db",
        "postgres://u:hush#1@h/db",
        "postgres://u:1/hush@h/db",
        "postgres://u@h/db?passwd=hush",
        "postgres://u@h/db?sslmode=hush",
        "postgres://u@h/db?port=hush",
        "mysql://u:hush#1@h/db",
        "mysql://u@h/db?ssl-mode=hush",
    ] {
        let home = Home::with("");
        for command in [&["config", "check"][..], &["serve"], &ADD] {
            let (done, out, why) = with(&home, "DATABASE__URL", url, command);
            assert!(!done && out.is_empty(), "{url} {command:?}");
            assert!(why.contains("database.url") && !why.contains("hush"), "{url} {command:?}: {why}");
        }
        assert!(!home.path().join("data/greenroom.db").exists());
    }
}

#[test]
fn a_mail_server_that_cannot_be_is_told_without_its_password() {
    let home = Home::with("[mail]\ntransport = \"smtp\"\n");
    for url in ["smtps://u:hush#1@h", "smtp://u:1/hush@h", "smtp://h?tls=hush"] {
        for command in [&["config", "check"][..], &["serve"]] {
            let (done, _, why) = with(&home, "MAIL__SMTP_URL", url, command);
            assert!(!done && why.contains("mail.smtp_url: expected ") && !why.contains("hush"), "{url}: {why}");
        }
    }
}

#[test]
fn the_check_reads_the_files_that_a_start_reads_and_quotes_none_of_them() {
    let tls = "[server]\npublic_url = \"https://x.org\"\ntls_cert = \"cert.pem\"\ntls_key = \"key.pem\"\n";
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let cert = signed.cert.pem();
    let key = signed.signing_key.serialize_pem();
    let home = Home::with(tls);
    fs::write(home.path().join("cert.pem"), &cert).unwrap();
    fs::write(home.path().join("key.pem"), "-----BEGIN hush").unwrap();
    let (right, _, why) = home.run(&["config", "check"]);
    assert_eq!((right, &*why), (false, "greenroom: key.pem: no private key: expected PEM\n"));
    fs::write(home.path().join("key.pem"), key).unwrap();
    assert_eq!(home.run(&["config", "check"]), (true, RIGHT.into(), String::new()));
    fs::create_dir(home.path().join("data")).unwrap();
    fs::write(home.path().join("data/secret"), "hush").unwrap();
    let (right, _, why) = home.run(&["config", "check"]);
    assert!(!right && why.contains("data/secret: expected 32 random bytes") && !why.contains("hush"), "{why}");
}
