//! `greenroom files check`: whether database and store agree about files, while the server runs or not.
use std::{collections::HashMap, fmt::Display};

use futures_util::TryStreamExt;

use super::{Failure, print};
use crate::{
    domain::FileId,
    media::{ByteStore, BytesFault, Kept, Part},
    settings::Settings,
    store::{KnownFile, Store},
};

/// Rows that are looked at together.
const PAGE: u64 = 1_000;
/// So many disagreements are told one by one.
const TOLD: usize = 100;

/// What does not agree.
#[derive(Default)]
struct Wrong(usize);

impl Wrong {
    fn tell(&mut self, what: impl Display) -> Result<(), Failure> {
        self.0 += 1;
        if self.0 <= TOLD { print(what) } else { Ok(()) }
    }
}

/// Looks at every file: whether its bytes are there, and whether what is there belongs to a file that is known.
///
/// # Errors
/// If anything does not agree, or the database or the store cannot be asked.
pub async fn check_files(settings: &Settings) -> Result<(), Failure> {
    let store = Store::open(&settings.database).await?;
    let bytes = ByteStore::open(&settings.files)?;
    let mut wrong = Wrong::default();
    let mut kept: HashMap<(FileId, Part), u64> = HashMap::new();
    let mut all = std::pin::pin!(bytes.all());
    while let Some(found) = all.try_next().await? {
        match found {
            Some(Kept { file, part, size }) => drop(kept.insert((FileId(file), part), size)),
            None => wrong.tell("something is in the store that is no file")?,
        }
    }
    let mut last = None;
    let mut count = 0;
    loop {
        let known = store.known_files(last, PAGE).await?;
        for file in &known {
            count += u64::from(file.is_there);
            check(&store, &bytes, file, &mut kept, &mut wrong).await?;
        }
        last = known.last().map(|file| file.id);
        if known.len() < PAGE as usize {
            break;
        }
    }
    for (file, part) in kept.into_keys() {
        // What has gone since it was listed is no disagreement.
        if bytes.size(file.0, part).await.is_ok() {
            wrong.tell(format_args!("file {file}: bytes are in the store that nobody knows of"))?;
        }
    }
    let holds = store.check_holds().await?;
    for file in holds.miscounted {
        wrong.tell(format_args!("file {file}: its messages and pictures are miscounted"))?;
    }
    if holds.dangling > 0 {
        wrong.tell(format_args!("{} messages hold files that are not there", holds.dangling))?;
    }
    if holds.unheld > 0 {
        wrong.tell(format_args!("{} messages tell of files that they do not hold", holds.unheld))?;
    }
    match wrong.0 {
        0 => print(format_args!("{count} files: database and store agree")),
        many => Err(format!("{many} times database and store do not agree").into()),
    }
}

/// What of a file must be there is there, with as many bytes as is known.
async fn check(
    store: &Store,
    bytes: &ByteStore,
    file: &KnownFile,
    kept: &mut HashMap<(FileId, Part), u64>,
    wrong: &mut Wrong,
) -> Result<(), Failure> {
    let whole = kept.remove(&(file.id, Part::Whole));
    let small = kept.remove(&(file.id, Part::Thumbnail));
    if !file.is_there {
        return Ok(());
    }
    for (part, found, is_wanted) in [(Part::Whole, whole, true), (Part::Thumbnail, small, file.has_thumbnail)] {
        if !is_wanted || found.is_some_and(|size| part == Part::Thumbnail || size == file.size) {
            continue;
        }
        // It may have come since the store was listed, or have gone.
        let size = match bytes.size(file.id.0, part).await {
            Ok(size) => Some(size),
            Err(BytesFault::Missing) => None,
            Err(fault) => return Err(fault.into()),
        };
        let is_right = size.is_some_and(|size| part == Part::Thumbnail || size == file.size);
        if !is_right && store.is_file_there(file.id).await? {
            wrong.tell(format_args!("file {}: its bytes are not in the store, or not all of them", file.id))?;
        }
    }
    Ok(())
}
