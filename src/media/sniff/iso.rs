//! Files made of ISO boxes: MP4, and the pictures HEIC and AVIF.
use memchr::memmem;

use crate::media::MediaType;

/// Brands of still pictures and of their sequences.
const PICTURES: &[&[u8; 4]] = &[
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1", b"avif", b"avis",
];

/// Brands of MP4 that hold sound alone.
const SOUND: &[&[u8; 4]] = &[b"M4A ", b"M4B ", b"M4P "];

/// Brands that say MP4, whichever stands first.
const MP4: &[&[u8; 4]] = &[
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42", b"avc1",
    b"M4V ", b"M4VH", b"M4VP", b"MSNV", b"dash", b"mmp4",
];

/// What the box of brands says.
pub fn of(head: &[u8]) -> Option<MediaType> {
    let size = u32::from_be_bytes(*head.first_chunk()?) as usize;
    let brands = head.get(4..size.min(head.len()))?.strip_prefix(b"ftyp")?;
    let first: &[u8; 4] = brands.first_chunk()?;
    // Behind the first stands the version of it, which is no brand.
    let mut all = brands.chunks_exact(4).enumerate().filter(|(at, _)| *at != 1).map(|(_, brand)| brand);
    let is = |brand: &[u8], list: &[&[u8; 4]]| list.iter().any(|known| brand == known.as_slice());
    let mp4 = all.clone().any(|brand| is(brand, MP4));
    Some(match () {
        () if is(first, PICTURES) => MediaType::UnsupportedPicture,
        () if is(first, SOUND) => MediaType::Mp4Audio,
        () if first == b"qt  " => return None,
        () if mp4 && sound_alone(head) => MediaType::Mp4Audio,
        () if mp4 => MediaType::Mp4,
        () if all.any(|brand| is(brand, PICTURES)) => MediaType::UnsupportedPicture,
        () => return None,
    })
}

/// Whether the list of tracks is within `head` and names sound, but no picture.
fn sound_alone(head: &[u8]) -> bool {
    let Some(moov) = boxes(head).find(|(name, _)| *name == b"moov") else { return false };
    // A track says what it is in the third word behind the name of its handler's box.
    let kinds: Vec<_> = memmem::find_iter(moov.1, b"hdlr").filter_map(|at| moov.1.get(at + 12..at + 16)).collect();
    kinds.contains(&b"soun".as_slice()) && !kinds.contains(&b"vide".as_slice())
}

/// The outermost boxes that are whole.
fn boxes(mut rest: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let size = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let (this, after) = rest.split_at_checked(size).filter(|_| size >= 8)?;
        rest = after;
        Some((this[4..].first_chunk()?, &this[8..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(brands: &[u8], handlers: &[&[u8; 4]]) -> Vec<u8> {
        let wrap = |name: &[u8], body: &[u8]| [&(body.len() as u32 + 8).to_be_bytes(), name, body].concat();
        let tracks: Vec<u8> =
            handlers.iter().flat_map(|kind| wrap(b"hdlr", &[&[0; 8], kind.as_slice()].concat())).collect();
        [wrap(b"ftyp", brands), wrap(b"moov", &tracks)].concat()
    }

    #[test]
    fn brands_and_tracks_say_what_it_is() {
        assert_eq!(of(&file(b"isom\0\0\0\0mp42", &[b"vide", b"soun"])), Some(MediaType::Mp4));
        assert_eq!(of(&file(b"isom\0\0\0\0mp42", &[b"soun"])), Some(MediaType::Mp4Audio));
        assert_eq!(of(&file(b"M4A \0\0\0\0isom", &[])), Some(MediaType::Mp4Audio));
        assert_eq!(of(&file(b"3gp5\0\0\0\0isom", &[])), Some(MediaType::Mp4));
        assert_eq!(of(&file(b"heic\0\0\0\0mif1", &[])), Some(MediaType::UnsupportedPicture));
        assert_eq!(of(&file(b"avif\0\0\0\0mif1", &[])), Some(MediaType::UnsupportedPicture));
        assert_eq!(of(&file(b"qt  \0\0\0\0qt  ", &[])), None);
        assert_eq!(of(&file(b"what\0\0\0\0what", &[])), None);
    }
}
