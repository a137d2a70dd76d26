//! Files are short, and their first line says what lives there.
use std::{fs, path::Path};

use crate::sources::files;

const MAX_LINES: usize = 400;

#[test]
fn files_are_short_and_say_what_lives_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "tests", "examples", "entity/src", "migration/src"] {
        for file in files(&root.join(folder)) {
            if file
                .components()
                .any(|c| ["node_modules", ".venv", "target"].iter().any(|other| c.as_os_str() == *other))
            {
                continue;
            }
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.starts_with("//!"), "{} opens without //!", file.display());
            let lines = text.lines().count();
            assert!(lines <= MAX_LINES, "{} has {lines} lines", file.display());
        }
    }
}
