//! What the first bytes of a file say, where they say it surely.
use super::{iso, mp3, webm};
use crate::media::{Format, MediaType};

/// Sizes of the second header of a BMP.
const BMP_HEADERS: &[u32] = &[12, 16, 40, 52, 56, 64, 108, 124];

/// The type of a file that begins with `head`, if it is one of those that mark themselves.
pub fn of(head: &[u8]) -> Option<MediaType> {
    let begins = |mark: &[u8]| head.starts_with(mark);
    let riff = |form: &[u8]| begins(b"RIFF") && head.get(8..12) == Some(form);
    Some(match () {
        () if begins(b"\xff\xd8\xff") => MediaType::Picture(Format::Jpeg),
        () if begins(b"\x89PNG\r\n\x1a\n") => MediaType::Picture(Format::Png),
        () if begins(b"GIF87a") || begins(b"GIF89a") => MediaType::Picture(Format::Gif),
        () if riff(b"WEBP") => MediaType::Picture(Format::Webp),
        () if riff(b"WAVE") => MediaType::Wav,
        () if other_picture(head) => MediaType::UnsupportedPicture,
        () if begins(b"OggS\0") => MediaType::Ogg,
        () if begins(b"%PDF-") => MediaType::Pdf,
        () if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") || begins(b"PK\x07\x08") => MediaType::Zip,
        () => return webm::of(head).or_else(|| iso::of(head)).or_else(|| mp3::is(head).then_some(MediaType::Mp3)),
    })
}

/// TIFF of both kinds, JPEG XL and JPEG 2000 in their boxes, BMP. HEIC and AVIF are told by their brand.
fn other_picture(head: &[u8]) -> bool {
    let marks: [&[u8]; 6] =
        [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\0\0\0\x0cJXL \r\n\x87\n", b"\0\0\0\x0cjP  \r\n\x87\n"];
    marks.iter().any(|mark| head.starts_with(mark)) || bmp(head)
}

/// Two letters begin a BMP, and many a text. Its second header has one of few sizes, and always one plane.
fn bmp(head: &[u8]) -> bool {
    let Some(size) = head.get(14..18).and_then(|size| size.try_into().ok()).map(u32::from_le_bytes) else {
        return false;
    };
    let planes = if size == 12 { 22..24 } else { 26..28 };
    head.starts_with(b"BM") && BMP_HEADERS.contains(&size) && head.get(planes) == Some(&[1, 0])
}
