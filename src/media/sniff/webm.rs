//! WebM: an EBML file that says so of itself. Its tracks tell whether it is a video or sound alone.
use crate::media::MediaType;

/// Elements, by their numbers as they are written.
const EBML: u32 = 0x1a45_dfa3;
const DOC_TYPE: u32 = 0x4282;
const SEGMENT: u32 = 0x1853_8067;
const TRACKS: u32 = 0x1654_ae6b;
const TRACK: u32 = 0xae;
const TRACK_TYPE: u32 = 0x83;
const VIDEO: &[u8] = &[1];

/// Audio only if the list of tracks is within `head` and has no video.
pub fn of(head: &[u8]) -> Option<MediaType> {
    let (ebml, rest) = element(head)?;
    let document = children(ebml.filter(|_| number(head) == Some(EBML))?).find(|(number, _)| *number == DOC_TYPE)?;
    let name = document.1.split(|byte| *byte == 0).next()?;
    let (_, segment) = children(rest).find(|(number, _)| *number == SEGMENT).unzip();
    let tracks = segment.and_then(|segment| children(segment).find(|(number, _)| *number == TRACKS));
    let sound = tracks.is_some_and(|(_, tracks)| {
        !children(tracks)
            .filter(|(number, _)| *number == TRACK)
            .any(|(_, track)| children(track).any(|child| child == (TRACK_TYPE, VIDEO)))
    });
    (name == b"webm").then_some(if sound { MediaType::WebmAudio } else { MediaType::Webm })
}

/// The elements side by side in `bytes`, each with what it holds, as far as that is there.
fn children(mut bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    std::iter::from_fn(move || {
        let number = number(bytes)?;
        let (body, rest) = element(bytes)?;
        let body = body.unwrap_or(rest);
        bytes = rest;
        Some((number, body))
    })
}

/// What the first element holds, and what stands behind it. One of unknown size, or longer than `bytes`, is `None` with all
/// that there is of it.
fn element(bytes: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let at = bytes.first()?.leading_zeros() as usize + 1;
    let rest = bytes.get(at..)?;
    let length = rest.first()?.leading_zeros() as usize + 1;
    let (size, body) = rest.split_at_checked(length).filter(|_| length <= 8)?;
    let unknown = size.iter().enumerate().all(|(n, byte)| *byte == if n == 0 { 0xff >> (length - 1) } else { 0xff });
    let first = u64::from(size[0]) & ((1 << (8 - length)) - 1);
    let size = size[1..].iter().fold(first, |size, byte| size << 8 | u64::from(*byte));
    let whole = usize::try_from(size).ok().filter(|_| !unknown).and_then(|size| body.split_at_checked(size));
    Some(whole.map_or((None, body), |(body, rest)| (Some(body), rest)))
}

/// The number of the first element, its marking bits included.
fn number(bytes: &[u8]) -> Option<u32> {
    let length = bytes.first()?.leading_zeros() as usize + 1;
    let bytes = bytes.get(..length).filter(|_| length <= 4)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(kind: &[u8], tracks: &[u8]) -> Vec<u8> {
        let wrap = |number: &[u8], body: &[u8]| [number, &[0x80 | body.len() as u8], body].concat();
        let list: Vec<u8> = tracks.iter().flat_map(|track| wrap(&[0xae], &wrap(&[0x83], &[*track]))).collect();
        let segment = [
            &[0x18, 0x53, 0x80, 0x67, 0x01, 255, 255, 255, 255, 255, 255, 255][..],
            &wrap(&[0x16, 0x54, 0xae, 0x6b], &list),
        ];
        [wrap(&[0x1a, 0x45, 0xdf, 0xa3], &wrap(&[0x42, 0x82], kind)), segment.concat()].concat()
    }

    #[test]
    fn tracks_tell_sound_from_pictures() {
        assert_eq!(of(&file(b"webm", &[1, 2])), Some(MediaType::Webm));
        assert_eq!(of(&file(b"webm", &[2])), Some(MediaType::WebmAudio));
        assert_eq!(of(&file(b"matroska", &[1, 2])), None);
        let whole = file(b"webm", &[1, 2]);
        for end in 0..whole.len() {
            let _ = of(&whole[..end]);
        }
    }
}
