//! Rooms may only look down, and certain crates live in one room only.
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::sources::{code, files, src};

/// A room, and every room it may name. Read top to bottom: no room names a later one. ARCHITECTURE.md carries the same table.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("measure", &[]),
    ("panics", &[]),
    ("settings", &[]),
    ("media", &["measure", "panics", "settings"]),
    ("limits", &["measure", "settings"]),
    ("protocol", &[]),
    ("socket", &["measure", "panics", "protocol"]),
    ("search", &[]),
    ("events", &["domain", "search"]),
    ("mail", &["domain", "settings"]),
    ("store", &["domain", "measure", "settings", "search"]),
    ("auth", &["domain", "measure", "settings", "store", "mail"]),
    ("presence", &["domain", "events", "socket"]),
    ("writer", &["domain", "measure", "store"]),
    ("chat", &["domain", "measure", "panics", "events", "store", "presence", "writer"]),
    ("registry", &["domain", "measure", "presence", "chat", "store", "writer"]),
    ("cluster", &["domain", "measure", "events", "store", "presence", "writer", "chat", "registry"]),
    (
        "client",
        &[
            "domain", "measure", "settings", "limits", "events", "auth", "store", "presence", "chat", "registry",
            "cluster", "socket",
        ],
    ),
    (
        "metrics",
        &[
            "domain", "measure", "media", "events", "socket", "store", "auth", "presence", "writer", "chat",
            "registry", "cluster", "client",
        ],
    ),
    (
        "http",
        &[
            "domain", "measure", "settings", "media", "limits", "events", "auth", "store", "mail", "socket",
            "presence", "cluster", "metrics",
        ],
    ),
    ("top", &[]),
    (
        "app",
        &[
            "domain", "measure", "panics", "media", "settings", "limits", "protocol", "socket", "events", "mail",
            "store", "auth", "presence", "writer", "chat", "registry", "cluster", "client", "metrics", "http",
        ],
    ),
];

/// A crate, and the only rooms that may name it.
const CRATES: &[(&str, &[&str])] = &[
    ("entity", &["store"]),
    ("greenroom_web", &["http"]),
    ("sea_orm", &["store"]),
    ("lettre", &["mail"]),
    ("object_store", &["media"]),
    ("async_nats", &["cluster"]),
    ("procfs", &["metrics"]),
    ("argon2", &["auth"]),
    ("jsonwebtoken", &["auth"]),
    ("actix_web_actors", &["socket"]),
];

/// Rooms that know no actor, no socket and no database.
const PURE: &[(&str, &[&str])] = &[
    ("domain", &["actix", "actix_web", "tokio", "serde_json", "sea_orm"]),
    ("protocol", &["actix", "actix_web", "tokio", "sea_orm"]),
];

fn home_of(room: &str) -> PathBuf {
    let file = src().join(format!("{room}.rs"));
    if file.exists() { file } else { src().join(room) }
}

/// The rooms that `source` names through `crate::`, alone or in a `crate::{...}` group.
fn rooms_named(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in source.match_indices("crate::") {
        let rest = &source[at + "crate::".len()..];
        let group = match rest.strip_prefix('{') {
            Some(group) => top_level(group),
            None => rest.to_owned(),
        };
        let parts: Vec<&str> = if rest.starts_with('{') { group.split(',').collect() } else { vec![&group] };
        for part in parts {
            let name: String = part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() {
                found.insert(name);
            }
        }
    }
    found
}

/// What stands in a `{...}` group outside its nested groups.
fn top_level(group: &str) -> String {
    let mut depth = 0;
    let mut top = String::new();
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ if depth == 0 => top.push(c),
            _ => {}
        }
    }
    top
}

fn names_crate(source: &str, name: &str) -> bool {
    source.match_indices(name).any(|(at, _)| {
        let before = source[..at].chars().next_back();
        let path = source[at + name.len()..].starts_with("::");
        path && !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

#[test]
fn every_room_looks_only_down() {
    for (at, (room, allowed)) in ROOMS.iter().enumerate() {
        for below in *allowed {
            assert!(ROOMS[..at].iter().any(|(r, _)| r == below), "{room} may not list {below}");
        }
        for file in files(&home_of(room)) {
            for name in rooms_named(&code(&file)) {
                let known = ROOMS.iter().any(|(r, _)| *r == name);
                assert!(!known || name == *room || allowed.contains(&name.as_str()), "{} names {name}", file.display());
            }
        }
    }
}

#[test]
fn every_room_is_listed_and_the_document_carries_the_table() {
    let rooms: BTreeSet<_> = fs::read_dir(src())
        .unwrap()
        .map(|e| e.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|n| n != "lib" && n != "main")
        .collect();
    let listed: BTreeSet<_> = ROOMS.iter().map(|(r, _)| r.to_string()).collect();
    assert_eq!(rooms, listed, "every room is listed");

    let document = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let rows: Vec<_> = document.lines().filter(|l| l.starts_with("| `")).collect();
    for (room, allowed) in ROOMS.iter().filter(|(r, _)| *r != "app") {
        let row = rows
            .iter()
            .find(|l| l.starts_with(&format!("| `{room}")))
            .unwrap_or_else(|| panic!("the room table of ARCHITECTURE.md lacks {room}"));
        let last = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap().trim();
        let named: Vec<_> = last.split(',').map(str::trim).filter(|n| !n.is_empty() && *n != "-").collect();
        assert_eq!(named, *allowed, "the row of ARCHITECTURE.md of {room}");
    }
}

#[test]
fn certain_crates_are_named_in_one_room_only() {
    for file in files(&src()) {
        let inside = file.strip_prefix(src()).unwrap().to_string_lossy().into_owned();
        let source = code(&file);
        let room = inside.split(['/', '.']).next().unwrap();
        for (name, homes) in CRATES {
            assert!(homes.contains(&room) || !names_crate(&source, name), "{inside} names {name}");
        }
        for (pure, crates) in PURE.iter().filter(|(pure, _)| *pure == room) {
            for name in *crates {
                assert!(!names_crate(&source, name), "{pure} is pure, but {inside} names {name}");
            }
        }
    }
    let feeders = files(&src()).iter().filter(|f| names_crate(&code(f), "actix_web_actors")).count();
    assert_eq!(feeders, 1, "one file alone names actix-web-actors");
}
