//! Exif, of which one number is kept: which way up a picture is.

/// The tag of that number, and its type.
const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// From 1 (upright) to 8, by a TIFF as Exif has it. What cannot be read is upright.
pub fn orientation(tiff: &[u8]) -> u8 {
    find(tiff).filter(|found| (1..=8).contains(found)).map_or(1, |found| found as u8)
}

/// A TIFF that holds `orientation` alone.
pub fn minimal(orientation: u8) -> [u8; 26] {
    let mut tiff = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    tiff[19] = orientation;
    tiff
}

fn find(tiff: &[u8]) -> Option<u16> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = tiff.get(at..)?.first_chunk()?;
        Some(if little { u16::from_le_bytes(*bytes) } else { u16::from_be_bytes(*bytes) })
    };
    let bytes = tiff.get(4..)?.first_chunk()?;
    let list = if little { u32::from_le_bytes(*bytes) } else { u32::from_be_bytes(*bytes) } as usize;
    let entries = list.checked_add(2)?;
    let mut entries = (0..usize::from(short(list)?)).map(|n| entries + 12 * n);
    let entry = entries.find(|entry| short(*entry) == Some(ORIENTATION))?;
    (short(entry + 2)? == SHORT).then(|| short(entry + 8))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_orientation_survives_and_nonsense_is_upright() {
        for expected in 1..=8 {
            assert_eq!(orientation(&minimal(expected)), expected);
        }
        assert_eq!(orientation(b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"), 6);
        assert_eq!(orientation(&minimal(9)), 1);
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff"), 1);
        assert_eq!(orientation(b""), 1);
        (0..26).for_each(|end| assert!((1..=8).contains(&orientation(&minimal(6)[..end]))));
    }
}
