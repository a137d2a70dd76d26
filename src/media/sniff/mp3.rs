//! MP3: a tag in front, or frames that each end where the next begins.

/// So many frames in a row are no chance.
const FRAMES: usize = 3;

/// kbit/s of layer III, of MPEG 1 and of the later ones.
const RATES_1: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const RATES_2: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/// Whether `head` begins an MP3.
pub fn is(head: &[u8]) -> bool {
    tagged(head) || framed(head)
}

/// An ID3 tag: its version, no unknown flags, a size in sevens of bits.
fn tagged(head: &[u8]) -> bool {
    let Some([b'I', b'D', b'3', major, minor, flags, size @ ..]) = head.first_chunk::<10>() else { return false };
    (2..=4).contains(major) && *minor != 0xff && flags & 0x0f == 0 && size.iter().all(|byte| byte & 0x80 == 0)
}

fn framed(mut rest: &[u8]) -> bool {
    for _ in 0..FRAMES {
        let Some(after) = length(rest).and_then(|length| rest.get(length..)) else { return false };
        rest = after;
    }
    true
}

/// How long the first frame is, by its header.
fn length(head: &[u8]) -> Option<usize> {
    let [0xff, second, third, fourth] = *head.first_chunk::<4>()? else { return None };
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    let sure = second >> 5 == 7 && version != 1 && layer == 1 && fourth & 3 != 2;
    let (rates, samples) = if version == 3 { (RATES_1, 144_000) } else { (RATES_2, 72_000) };
    let rate = *rates.get(usize::from(third >> 4)).filter(|rate| sure && **rate > 0)?;
    let frequency = [44_100, 48_000, 32_000].get(usize::from(third >> 2 & 3))? >> [2, 0, 1, 0][usize::from(version)];
    Some(samples * rate / frequency + usize::from(third >> 1 & 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_frames_is_an_mp3_and_one_frame_is_not() {
        let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
        frame.resize(417, 0);
        assert!(is(&frame.repeat(3)));
        assert!(!is(&frame.repeat(2)));
        assert!(!is(&[&frame[..], &frame[1..], &frame[..], &frame[..]].concat()));
        assert!(is(b"ID3\x04\0\0\0\0\0\x0a"));
        assert!(!is(b"ID3 is a tag"));
    }
}
