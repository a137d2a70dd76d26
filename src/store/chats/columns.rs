//! Lists that stand in one column of a message or of somebody's marks: short, always read as a whole, never searched by parts.
use std::time::Duration;

use sea_orm::prelude::Uuid;
use serde::{Deserialize, Serialize};

use crate::domain::{Emoji, File, FileId, FileName, Mention, Reaction, UserId};

const ALL: &str = "all";

/// Whom a message mentions, as text; nothing for nobody.
pub(super) fn mentions_column(mentions: &[Mention]) -> Option<String> {
    let word = |mention: &Mention| match mention {
        Mention::User(user) => Some(user.to_string()),
        Mention::All => Some(ALL.to_owned()),
        Mention::Nobody(_) => None,
    };
    Some(mentions.iter().filter_map(word).collect::<Vec<_>>().join(",")).filter(|text| !text.is_empty())
}

/// What finds the messages that mention somebody, or everybody.
pub(super) fn mention_words(user: UserId) -> [String; 2] {
    [user.to_string(), ALL.to_owned()]
}

/// Whether a column mentions somebody, or everybody.
pub(super) fn is_mentioned(user: UserId, column: Option<&str>) -> bool {
    column.is_some_and(|column| {
        mentions(Some(column)).iter().any(|mention| matches!(mention, Mention::All) || *mention == Mention::User(user))
    })
}

pub(super) fn mentions(column: Option<&str>) -> Vec<Mention> {
    let words = column.unwrap_or_default().split(',');
    words
        .filter_map(|word| if word == ALL { Some(Mention::All) } else { word.parse().ok().map(Mention::User) })
        .collect()
}

/// Each emoji with how many reacted, and the first of them.
pub(super) fn reactions_column(reactions: &[Reaction]) -> Option<String> {
    let rows: Vec<(&str, usize, Vec<Uuid>)> = reactions
        .iter()
        .map(|reaction| (reaction.emoji.as_str(), reaction.count, reaction.users.iter().map(|user| user.0).collect()))
        .collect();
    (!rows.is_empty()).then(|| serde_json::to_string(&rows).expect("texts, numbers and ids are JSON"))
}

pub(super) fn reactions(column: Option<&str>) -> Vec<Reaction> {
    let rows: Vec<(String, usize, Vec<Uuid>)> =
        column.and_then(|column| serde_json::from_str(column).ok()).unwrap_or_default();
    rows.into_iter()
        .map(|(emoji, count, users)| Reaction {
            emoji: Emoji::stored(&emoji),
            count,
            users: users.into_iter().map(UserId).collect(),
        })
        .collect()
}

/// A file as its messages remember it: what is shown of it never changes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attachment {
    id: Uuid,
    name: String,
    r#type: String,
    size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dimensions: Option<(u32, u32)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    millis: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    blurhash: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    has_thumbnail: bool,
}

/// The files that a message brings along; nothing for none.
pub(super) fn attachments_column(files: &[File]) -> Option<String> {
    let attachment = |file: &File| Attachment {
        id: file.id.0,
        name: file.name.to_string(),
        r#type: file.media_type.clone(),
        size: file.size,
        dimensions: file.dimensions,
        millis: file.duration.map(|duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)),
        blurhash: file.blurhash.clone(),
        has_thumbnail: file.has_thumbnail,
    };
    let rows: Vec<Attachment> = files.iter().map(attachment).collect();
    (!rows.is_empty()).then(|| serde_json::to_string(&rows).expect("texts, numbers and ids are JSON"))
}

pub(super) fn attachments(column: Option<&str>) -> Vec<File> {
    let rows: Vec<Attachment> = column.and_then(|column| serde_json::from_str(column).ok()).unwrap_or_default();
    let file = |row: Attachment| File {
        id: FileId(row.id),
        name: FileName::stored(&row.name),
        media_type: row.r#type,
        size: row.size,
        dimensions: row.dimensions,
        duration: row.millis.map(Duration::from_millis),
        blurhash: row.blurhash,
        has_thumbnail: row.has_thumbnail,
    };
    rows.into_iter().map(file).collect()
}

/// One member's emojis on a message. No emoji holds a blank.
pub(super) fn emojis_column(emojis: &[Emoji]) -> Option<String> {
    Some(emojis.iter().map(Emoji::as_str).collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}

pub(super) fn emojis(column: Option<&str>) -> Vec<Emoji> {
    column.unwrap_or_default().split(' ').filter(|text| !text.is_empty()).map(Emoji::stored).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let ann = UserId::new();
        let bob = UserId::new();
        let mentioned = vec![Mention::User(bob), Mention::All];
        let column = mentions_column(&mentioned);
        assert_eq!(mentions(column.as_deref()), mentioned);
        assert!(
            is_mentioned(ann, column.as_deref()) && !is_mentioned(ann, mentions_column(&mentioned[..1]).as_deref())
        );
        assert_eq!(mentions_column(&[]), None);
        let emoji = Emoji::stored("👍🏽");
        let shown = vec![Reaction { emoji: emoji.clone(), count: 7, users: vec![ann, bob] }];
        assert_eq!(reactions(reactions_column(&shown).as_deref()), shown);
        let own = vec![emoji, Emoji::stored("❤\u{fe0f}")];
        assert_eq!(emojis(emojis_column(&own).as_deref()), own);
        let file = File {
            id: FileId::new(),
            name: FileName::new("a \"b\".png").unwrap(),
            media_type: "image/png".into(),
            size: 7,
            dimensions: Some((3, 4)),
            duration: Some(Duration::from_millis(1_250)),
            blurhash: Some("L".into()),
            has_thumbnail: true,
        };
        let plain = File { dimensions: None, duration: None, blurhash: None, has_thumbnail: false, ..file.clone() };
        let files = vec![file, plain];
        assert_eq!(attachments(attachments_column(&files).as_deref()), files);
        assert_eq!(attachments_column(&[]), None);
        assert!(mentions(None).is_empty() && reactions(None).is_empty() && emojis(None).is_empty());
    }
}
