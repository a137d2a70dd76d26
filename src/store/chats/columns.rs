//! Lists that stand in one column of a message or of somebody's marks: short, always read as a whole, never searched by parts.
use sea_orm::prelude::Uuid;

use crate::domain::{Emoji, Mention, Reaction, UserId};

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
        assert!(mentions(None).is_empty() && reactions(None).is_empty() && emojis(None).is_empty());
    }
}
