//! Every file of the server is part of it: a file that no module names is compiled by nobody, and goes out of date in silence.
use std::path::Path;

use crate::sources::{code, files, src};

#[test]
fn every_file_is_named_by_the_module_around_it() {
    for file in files(&src()) {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let folder = file.parent().unwrap();
        if ["lib", "main"].contains(&name) {
            continue;
        }
        // `a/mod.rs` and `a.rs` are named beside the folder, what is in it by one of the two.
        let (name, around) = if name == "mod" {
            (folder.file_name().unwrap().to_str().unwrap(), folder.parent().unwrap())
        } else {
            (name, folder)
        };
        let namers = [around.join("mod.rs"), around.with_extension("rs"), around.join("lib.rs")];
        let is_named = namers.iter().filter(|namer| namer.is_file()).any(|namer| names(namer, name));
        assert!(is_named, "{} is named by no module", file.display());
    }
}

fn names(namer: &Path, module: &str) -> bool {
    code(namer).lines().any(|line| line.trim_end().ends_with(&format!("mod {module};")))
}
