//! What one can react with.
use std::{fmt, sync::Arc};

use icu_properties::{
    CodePointSetData, CodePointSetDataBorrowed,
    props::{ExtendedPictographic, RegionalIndicator},
};
use unicode_segmentation::UnicodeSegmentation;

use super::Refusal;

const MAX_BYTES: usize = 64;
const KEYCAP: char = '\u{20e3}';
const PICTOGRAPHIC: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<ExtendedPictographic>();
const REGIONAL: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<RegionalIndicator>();

/// Asks for the form of an emoji in colour. It makes no other emoji of it.
const COLOUR: char = '\u{fe0f}';

/// One emoji, in the form in which somebody wrote it. Two forms of one emoji are equal by [`Emoji::is_same`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoji(Arc<str>);

impl Emoji {
    /// One character as people count them: a pictograph with whatever modifies it, a flag or a keycap.
    ///
    /// # Errors
    /// [`super::Code::BadRequest`] for anything else.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        let fits = text.len() <= MAX_BYTES && text.graphemes(true).nth(1).is_none() && is_emoji(text);
        if fits { Ok(Self(text.into())) } else { Err(Refusal::bad_request("Emoji must be one emoji")) }
    }

    /// One that was checked when it was stored.
    pub fn stored(text: &str) -> Self {
        Self(text.into())
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// By what it is told apart from others.
    pub fn bare(&self) -> String {
        self.bare_chars().collect()
    }

    /// Whether both are one emoji, whatever their forms.
    pub fn is_same(&self, other: &Self) -> bool {
        self.bare_chars().eq(other.bare_chars())
    }

    fn bare_chars(&self) -> impl Iterator<Item = char> {
        self.0.chars().filter(|c| *c != COLOUR)
    }
}

impl fmt::Display for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_emoji(text: &str) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    let is_flag = || REGIONAL.contains(first) && text.chars().count() == 2;
    let is_keycap = || matches!(first, '0'..='9' | '#' | '*') && chars.clone().filter(|c| *c != COLOUR).eq([KEYCAP]);
    PICTOGRAPHIC.contains(first) || is_flag() || is_keycap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_is_one_pictograph_flag_or_keycap() {
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}";
        for right in ["👍", "👍🏽", "❤", "❤\u{fe0f}", "🇩🇪", "1\u{fe0f}\u{20e3}", "#\u{20e3}", family, "©"]
        {
            assert_eq!(Emoji::new(right).unwrap().as_str(), right);
        }
        let long = format!("👍{}", "\u{301}".repeat(40));
        for wrong in ["", "a", "1", "👍👍", "🇩", "🇩🇪🇫🇷", "1a", " 👍", "👍 ", "\u{fe0f}", "\u{20e3}", ":)", "é", &long]
        {
            assert!(Emoji::new(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn forms_of_one_emoji_are_the_same() {
        let emoji = |text| Emoji::new(text).unwrap();
        assert!(emoji("❤").is_same(&emoji("❤\u{fe0f}")));
        assert!(!emoji("👍").is_same(&emoji("👍🏽")));
    }
}
