//! What is known of files: who uploaded them, what holds them, and when they go. The bytes are in `media`.
mod access;
mod check;
mod holds;
mod life;
mod pictures;
mod uploads;

use std::time::Duration;

use crate::domain::{File, FileId, FileName, Timestamp, UserId};
use entity::file;

pub use access::FoundFile;
pub use check::Disagreements;
pub(super) use holds::{free, free_chat, hold, lacking};
pub use life::{Deletion, KnownFile};
pub(super) use pictures::{release_group, release_user, swap_picture, swap_picture_of};
pub use uploads::{NewFile, Reserved};

/// Its bytes are on their way.
const ARRIVING: i16 = 0;
/// It is there.
const THERE: i16 = 1;
/// Nobody may see it any more.
const GONE: i16 = 2;

/// A file as it is shown.
fn shown(row: file::Model) -> File {
    let side = |side: Option<i32>| side.and_then(|side| u32::try_from(side).ok());
    let duration = row.duration_ms.and_then(|millis| u64::try_from(millis).ok());
    File {
        id: FileId(row.id),
        name: FileName::stored(&row.name),
        media_type: row.media_type,
        size: u64::try_from(row.size).unwrap_or_default(),
        dimensions: side(row.width).zip(side(row.height)),
        duration: duration.map(Duration::from_millis),
        blurhash: row.blurhash,
        has_thumbnail: row.thumbnail_type.is_some(),
    }
}

/// A file that is to be there.
fn row(new: &NewFile, owner: UserId, due_at: Timestamp, now: Timestamp) -> file::ActiveModel {
    use sea_orm::ActiveValue::Set;
    let NewFile { file, thumbnail_type } = new;
    let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
    file::ActiveModel {
        id: Set(file.id.0),
        owner_id: Set(owner.0),
        name: Set(file.name.to_string()),
        media_type: Set(file.media_type.clone()),
        size: Set(i64::try_from(file.size).unwrap_or(i64::MAX)),
        width: Set(file.dimensions.map(|(width, _)| side(width))),
        height: Set(file.dimensions.map(|(_, height)| side(height))),
        duration_ms: Set(file.duration.map(|duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))),
        blurhash: Set(file.blurhash.clone()),
        thumbnail_type: Set(thumbnail_type.clone()),
        created_at: Set(now.0),
        state: Set(ARRIVING),
        in_messages: Set(0),
        in_pictures: Set(0),
        due_at: Set(Some(due_at.0)),
    }
}
