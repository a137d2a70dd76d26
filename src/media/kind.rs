//! The types that files can have, by their bytes and never by a claim.

/// The formats of pictures that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// As of photographs.
    Jpeg,
    /// As of drawings; moving ones (APNG) too.
    Png,
    /// Moving or not.
    Gif,
    /// Moving or not.
    Webp,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// A picture that can be cleaned and shown.
    Picture(Format),
    /// A picture of another kind (HEIC, AVIF, TIFF, BMP and the like). Not kept: its metadata could not be removed.
    UnsupportedPicture,
    /// `video/mp4`
    Mp4,
    /// `video/webm`
    Webm,
    /// `audio/mpeg`
    Mp3,
    /// `audio/mp4`
    Mp4Audio,
    /// `audio/ogg`
    Ogg,
    /// `audio/wav`
    Wav,
    /// `audio/webm`
    WebmAudio,
    /// `application/pdf`
    Pdf,
    /// `application/zip`
    Zip,
    /// UTF-8 without NUL, HTML and SVG included.
    Text,
    /// All else.
    Other,
}

impl MediaType {
    /// Its name as in Content-Type. A picture that is not kept has the name of all images, so that a list of accepted types
    /// can be asked about it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Picture(Format::Jpeg) => "image/jpeg",
            Self::Picture(Format::Png) => "image/png",
            Self::Picture(Format::Gif) => "image/gif",
            Self::Picture(Format::Webp) => "image/webp",
            Self::UnsupportedPicture => "image/*",
            Self::Mp4 => "video/mp4",
            Self::Webm => "video/webm",
            Self::Mp3 => "audio/mpeg",
            Self::Mp4Audio => "audio/mp4",
            Self::Ogg => "audio/ogg",
            Self::Wav => "audio/wav",
            Self::WebmAudio => "audio/webm",
            Self::Pdf => "application/pdf",
            Self::Zip => "application/zip",
            Self::Text => "text/plain",
            Self::Other => "application/octet-stream",
        }
    }

    /// The type of a name that `as_str` gave.
    pub fn named(name: &str) -> Self {
        let formats = [Format::Jpeg, Format::Png, Format::Gif, Format::Webp].map(Self::Picture);
        let others = [Self::Mp4, Self::Webm, Self::Mp3, Self::Mp4Audio, Self::Ogg, Self::Wav, Self::WebmAudio];
        let more = [Self::Pdf, Self::Zip, Self::Text];
        let mut all = formats.into_iter().chain(others).chain(more);
        all.find(|known| known.as_str() == name).unwrap_or(Self::Other)
    }

    /// Whether a browser may show it in its place. Whatever can carry a script is only for downloading.
    pub fn inline(self) -> bool {
        match self {
            Self::Picture(_) | Self::Mp4 | Self::Webm => true,
            Self::Mp3 | Self::Mp4Audio | Self::Ogg | Self::Wav | Self::WebmAudio => true,
            Self::UnsupportedPicture | Self::Pdf | Self::Zip | Self::Text | Self::Other => false,
        }
    }

    /// Whether somebody who uploads it may say how long it lasts.
    pub fn timed(self) -> bool {
        self.inline() && self.picture().is_none()
    }

    /// The format of a picture that is kept.
    pub fn picture(self) -> Option<Format> {
        match self {
            Self::Picture(format) => Some(format),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_carry_a_script_is_not_shown_in_its_place() {
        for kind in [MediaType::Text, MediaType::Pdf, MediaType::Zip, MediaType::Other, MediaType::UnsupportedPicture] {
            assert!(!kind.inline() && !kind.timed(), "{kind:?}");
        }
        assert!(MediaType::Picture(Format::Gif).inline() && !MediaType::Picture(Format::Gif).timed());
        assert!(MediaType::Ogg.inline() && MediaType::Ogg.timed());
    }
}
