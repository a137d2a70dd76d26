//! `greenroom config`, and a start that a wrong setting stops.
use crate::process::{Home, said};

#[test]
fn right_settings_pass_the_check_and_are_shown_with_their_origin_and_without_secrets() {
    let home = Home::with("[database]\nurl = \"postgres://me:hush@db.internal/chat\"\n[server]\nworkers = 3\n");
    assert_eq!(home.run(&["config", "check"]), (true, "the settings are right\n".into(), String::new()));
    let (shown, rows, _) = home.run(&["config", "show"]);
    assert!(shown && !rows.contains("hush"));
    for row in [
        "database.url = \"postgres://me:********@db.internal/chat\"    # own.toml",
        "server.workers = 3    # own.toml",
        "server.listen = \"127.0.0.1:0\"    # GREENROOM__SERVER__LISTEN",
        "limits.sockets = 100000    # built-in default",
    ] {
        assert_eq!(rows.lines().filter(|line| *line == row).count(), 1, "{row} in {rows}");
    }
    let again = Home::with(&rows);
    assert_eq!(again.run(&["config", "check"]), (true, "the settings are right\n".into(), String::new()), "{rows}");
    let keys: Vec<_> = rows.lines().map(|line| line.split(" = ").next()).collect();
    let mut once = keys.clone();
    once.dedup();
    assert_eq!(keys, once);
}

#[test]
fn a_wrong_setting_stops_every_command_with_file_key_and_reason() {
    let home = Home::with("[actors.chat]\nmailbox_capacity = \"many\"\n");
    let reason = "greenroom: own.toml: actors.chat.mailbox_capacity: expected a whole number, 0 or more, found string \
                  \"many\"\n";
    for command in [&[][..], &["serve"], &["config", "check"], &["config", "show"]] {
        assert_eq!(home.run(command), (false, String::new(), reason.into()), "{command:?}");
    }
}

#[test]
fn a_variable_whose_name_is_nearly_right_stops_the_start() {
    let home = Home::with("");
    let output = home.command(&["serve"]).env("GREENROOM__ACTORS__CHAT.MAILBOX_CAPACITY", "9").output().unwrap();
    let reason = "greenroom: GREENROOM__ACTORS__CHAT.MAILBOX_CAPACITY: actors.chat.mailbox_capacity: expected the name \
                  GREENROOM__ACTORS__CHAT__MAILBOX_CAPACITY\n";
    assert_eq!(said(output), (false, String::new(), reason.into()));
}
