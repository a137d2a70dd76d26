//! Tells the program which commit it was built from: that of GREENROOM_COMMIT, or in a release build that of the work tree.
//! A debug build does not ask, so that a commit alone compiles nothing anew.
use std::{env, path::Path, process::Command};

const COMMIT: &str = "GREENROOM_COMMIT";

fn main() {
    println!("cargo::rerun-if-env-changed={COMMIT}");
    println!("cargo::rerun-if-changed=build.rs");
    let given = env::var(COMMIT).ok().filter(|commit| !commit.is_empty());
    let commit = given.or_else(of_work_tree).map(|commit| format!(" (commit {commit})")).unwrap_or_default();
    println!("cargo::rustc-env=GREENROOM_VERSION={}{commit}", env!("CARGO_PKG_VERSION"));
}

/// Nothing in a debug build, and where there is no repository of this very folder: another's around it says nothing.
fn of_work_tree() -> Option<String> {
    if env::var("PROFILE").ok()? != "release" || !Path::new(".git").exists() {
        return None;
    }
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    // The logs grow with every commit and checkout. A path that is not there would run this anew each time.
    for path in ["HEAD", "logs/HEAD"] {
        let file = git(&["rev-parse", "--git-path", path])?;
        if Path::new(&file).exists() {
            println!("cargo::rerun-if-changed={file}");
        }
    }
    Some(commit)
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
