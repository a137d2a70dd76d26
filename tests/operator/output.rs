//! A stdout that takes nothing: a full disk, or a reader who has gone away.
use std::{fs::File, io, process::Stdio};

use crate::process::{Home, said};

const ADD: [&str; 8] =
    ["user", "add", "--name", "Ann", "--email", "ann@example.org", "--password", "-tr0mbone in the attic"];

fn full() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

fn left() -> Stdio {
    let (_, writer) = io::pipe().unwrap();
    writer.into()
}

#[test]
fn a_command_that_cannot_say_what_it_has_to_say_fails_without_a_panic() {
    let home = Home::with("");
    let commands: [&[&str]; 5] = [&["config", "show"], &["config", "check"], &["--help"], &["--version"], &ADD];
    for command in commands {
        for stdout in [full, left] {
            let output = home.command(command).stdout(stdout()).output().unwrap();
            let code = output.status.code();
            let (_, _, why) = said(output);
            assert!(code == Some(1) && !why.contains("panicked"), "{command:?} {code:?} {why}");
        }
    }
}

#[test]
fn an_account_that_could_not_be_told_of_is_not_there() {
    let home = Home::with("");
    for stdout in [full, left] {
        let failed = home.command(&ADD).stdout(stdout()).output().unwrap();
        assert!(said(failed).2.contains("greenroom: stdout cannot be written to: "));
    }
    let (added, id, why) = home.run(&ADD);
    assert!(added && id.trim().len() == 36, "{id} {why}");
}
