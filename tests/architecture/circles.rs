//! No two neighbours in a folder, files or folders, need each other, directly or around corners. What a folder's `mod.rs` passes
//! on counts as the file that defines it; what it defines itself is everybody's in that folder.
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::sources::{code, files, src};

/// A module, from the room on.
type Module = Vec<String>;

/// A module's code, its tests left out.
struct Source {
    module: Module,
    is_folder: bool,
    code: String,
}

fn sources() -> Vec<Source> {
    let read = |path: &Path| {
        let inside = path.strip_prefix(src()).unwrap().with_extension("");
        let mut module: Module = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let is_folder = module.last().is_some_and(|last| last == "mod");
        if is_folder {
            module.pop();
        }
        let code = code(path).split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
        Source { module, is_folder, code }
    };
    files(&src())
        .iter()
        .map(|path| read(path))
        .filter(|source| !["lib", "main"].contains(&&*source.module[0]))
        .collect()
}

/// Every path that the code names from `super`, `self` or `crate` on, groups in braces taken apart.
fn paths(code: &str) -> Vec<Module> {
    let mut found = Vec::new();
    for root in ["super::", "self::", "crate::"] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':') {
                follow(&code[at..], &mut Vec::new(), &mut found);
            }
        }
    }
    found
}

/// Reads one path, or each of a group, onto what stands before it. Returns how much of the text that took.
fn follow(text: &str, before: &mut Module, found: &mut Vec<Module>) -> usize {
    let depth = before.len();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        if rest.starts_with('{') {
            at += 1;
            while let Some(c) = text[at..].chars().next() {
                match c {
                    '}' => return leave(before, depth, at + 1),
                    _ if text[at..].starts_with("as ") => at += "as ".len() + name(&text[at + "as ".len()..]).len(),
                    c if c.is_alphanumeric() || c == '_' || c == '{' => at += follow(&text[at..], before, found),
                    c => at += c.len_utf8(),
                }
            }
            return leave(before, depth, at);
        }
        let part = name(rest);
        at += part.len();
        before.push(part);
        if !text[at..].starts_with("::") {
            found.push(before.clone());
            return leave(before, depth, at.max(1));
        }
        at += 2;
    }
}

fn name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn leave(before: &mut Module, depth: usize, at: usize) -> usize {
    before.truncate(depth);
    at
}

/// What each folder passes on: a name, and the module that it comes from.
fn passed_on(sources: &[Source]) -> BTreeMap<(Module, String), Module> {
    let modules: BTreeSet<&Module> = sources.iter().map(|source| &source.module).collect();
    let mut passed = BTreeMap::new();
    for source in sources.iter().filter(|source| source.is_folder) {
        for statement in source.code.split(';') {
            let Some((_, path)) = statement.split_once("use ") else { continue };
            let mut found = Vec::new();
            follow(path.trim_start(), &mut Vec::new(), &mut found);
            for mut path in found {
                path.retain(|part| part != "self");
                let Some(name) = path.pop() else { continue };
                let home: Module = source.module.iter().cloned().chain(path).collect();
                if modules.contains(&home) && home != source.module {
                    passed.insert((source.module.clone(), name), home);
                }
            }
        }
    }
    passed
}

/// Which of its neighbours each file or folder needs.
fn needs(sources: &[Source]) -> BTreeMap<Module, BTreeSet<Module>> {
    let modules: BTreeSet<&Module> = sources.iter().map(|source| &source.module).collect();
    let passed = passed_on(sources);
    let mut needs: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for source in sources {
        for path in paths(&source.code) {
            let home = home(&path, source, &modules, &passed);
            let common = source.module.iter().zip(&home).take_while(|(one, other)| one == other).count();
            if common > 0 && common < source.module.len() && common < home.len() {
                let from = source.module[..=common].to_vec();
                let to = home[..=common].to_vec();
                needs.entry(from).or_default().insert(to);
            }
        }
    }
    needs
}

/// The module that defines what `path` names in `source`.
fn home(
    path: &Module,
    source: &Source,
    modules: &BTreeSet<&Module>,
    passed: &BTreeMap<(Module, String), Module>,
) -> Module {
    let mut at: Module = if path[0] == "crate" { Vec::new() } else { source.module.clone() };
    for part in path.iter().filter(|part| *part != "crate" && *part != "self") {
        let inner: Module = at.iter().cloned().chain([part.clone()]).collect();
        if part == "super" {
            at.pop();
        } else if modules.contains(&inner) {
            at = inner;
        } else {
            while let Some(home) = passed.get(&(at.clone(), part.clone())) {
                at = home.clone();
            }
            break;
        }
    }
    at
}

/// Whether `from` leads to `to`.
fn leads(needs: &BTreeMap<Module, BTreeSet<Module>>, from: &Module, to: &Module) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        for next in needs.get(at).into_iter().flatten() {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}

#[test]
fn no_two_neighbours_need_each_other() {
    let needs = needs(&sources());
    let circles: Vec<String> = needs
        .iter()
        .flat_map(|(from, to)| to.iter().map(move |to| (from, to)))
        .filter(|(from, to)| leads(&needs, to, from))
        .map(|(from, to)| format!("{} needs {}", from.join("/"), to.join("/")))
        .collect();
    assert!(circles.is_empty(), "neighbours that need each other:\n{}", circles.join("\n"));
}

#[test]
fn paths_are_read_out_of_groups() {
    let code = "use super::{a::B, c, d::{E, f::G as H}};\nlet x = crate::room::file::make(self::y);";
    let mut found: Vec<_> = paths(code).into_iter().map(|path| path.join("::")).collect();
    found.sort();
    assert_eq!(
        found,
        ["crate::room::file::make", "self::y", "super::a::B", "super::c", "super::d::E", "super::d::f::G"]
    );
}

#[test]
fn a_circle_is_found_around_corners() {
    let module = |name: &str| vec!["room".to_owned(), name.to_owned()];
    let needs = BTreeMap::from([
        (module("a"), BTreeSet::from([module("b")])),
        (module("b"), BTreeSet::from([module("c"), module("d")])),
        (module("c"), BTreeSet::from([module("a")])),
    ]);
    assert!(leads(&needs, &module("b"), &module("a")), "by c");
    assert!(leads(&needs, &module("a"), &module("d")));
    assert!(!leads(&needs, &module("d"), &module("a")));
}
