//! The files that are looked at.
use std::{
    fs,
    path::{Path, PathBuf},
};

fn sources(home: &Path, found: &mut Vec<PathBuf>) {
    if home.is_dir() {
        for entry in fs::read_dir(home).unwrap() {
            sources(&entry.unwrap().path(), found);
        }
    } else if home.extension().is_some_and(|e| e == "rs") {
        found.push(home.to_owned());
    }
}

/// All Rust files below a folder, or the file itself.
pub fn files(home: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    sources(home, &mut found);
    found
}

/// The sources of the server.
pub fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The code of a file without its comments, so that prose may name any room.
pub fn code(path: &Path) -> String {
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}
