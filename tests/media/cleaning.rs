//! What stays of a picture, and what goes.
use greenroom::media::{Format, PictureFault};
use proptest::prelude::*;

use crate::{
    FORMATS, clean,
    making::{NEEDLE, chunk, contains, decoded, drawn, file, inserted, sample, segment, talkative},
};

#[test]
fn what_was_said_beside_the_pixels_is_gone_and_the_pixels_are_the_same() {
    for format in FORMATS {
        for orientation in 1..=8 {
            let bytes = talkative(format, orientation);
            assert!(contains(&bytes, NEEDLE));
            let picture = clean(format, &bytes).unwrap_or_else(|fault| panic!("{format:?}: {fault}"));
            for kept in [&picture.cleaned, &picture.thumbnail.bytes] {
                assert!(!contains(kept, NEEDLE), "{format:?}");
                assert!(!contains(kept, b"<html>"), "{format:?}");
            }
            assert_eq!(decoded(format, &picture.cleaned), decoded(format, &sample(format)), "{format:?}");
        }
    }
}

#[test]
fn a_clean_picture_stays_as_it_is() {
    for format in FORMATS {
        for orientation in [1, 6] {
            let once = clean(format, &talkative(format, orientation)).unwrap();
            let twice = clean(format, &once.cleaned).unwrap();
            assert_eq!(once.cleaned, twice.cleaned, "{format:?}");
            assert_eq!((once.width, once.height), (twice.width, twice.height), "{format:?}");
        }
    }
}

#[test]
fn a_picture_that_ends_early_is_refused_wherever_it_ends() {
    for format in FORMATS {
        let whole = sample(format);
        let whole = clean(format, &whole).unwrap().cleaned;
        for end in 0..whole.len() {
            // The byte that makes a chunk even may be left out.
            if format == Format::Webp && end + 1 == whole.len() {
                continue;
            }
            assert_eq!(clean(format, &whole[..end]).err(), Some(PictureFault::Broken), "{format:?} of {end} bytes");
        }
    }
}

#[test]
fn a_jpeg_whose_pixels_end_before_its_end_is_refused() {
    let whole = file(Format::Jpeg, &drawn(200, 150));
    for part in 2..10 {
        let mut bytes = whole[..whole.len() - whole.len() / (2 * part)].to_vec();
        bytes.truncate(bytes.iter().rposition(|byte| *byte != 0xff).unwrap() + 1);
        bytes.extend([0xff, 0xd9]);
        assert_eq!(clean(Format::Jpeg, &bytes).err(), Some(PictureFault::Broken), "{} of {}", bytes.len(), whole.len());
    }
    // Bytes that fill the space before a marker mean nothing.
    let filled = inserted(&whole, whole.len() - 2, &[0xff, 0xff]);
    assert!(clean(Format::Jpeg, &filled).is_ok());
}

#[test]
fn lengths_that_lie_and_sizes_of_zero_are_refused() {
    let jpeg = sample(Format::Jpeg);
    for lie in [&[0xff, 0xfe, 0, 0][..], &[0xff, 0xfe, 0, 1], &[0xff, 0xfe, 0xff, 0xff]] {
        let bytes = inserted(&jpeg, 2, lie);
        assert_eq!(clean(Format::Jpeg, &bytes).err(), Some(PictureFault::Broken));
    }
    let png = sample(Format::Png);
    let bytes = inserted(&png, 33, b"\xff\xff\xff\xfftEXt");
    assert_eq!(clean(Format::Png, &bytes).err(), Some(PictureFault::Broken));
    let empty = [&png[..8], &chunk(b"IHDR", b"\0\0\0\0\0\0\0\x01\x08\x02\0\0\0"), &png[33..]].concat();
    assert_eq!(clean(Format::Png, &empty).err(), Some(PictureFault::Broken));
    let mut gif = sample(Format::Gif);
    gif[6..10].fill(0);
    assert_eq!(clean(Format::Gif, &gif).err(), Some(PictureFault::Broken));
    let mut webp = sample(Format::Webp);
    webp[4..8].fill(0xff);
    assert_eq!(clean(Format::Webp, &webp).err(), Some(PictureFault::Broken));
}

#[test]
fn colours_and_motion_stay() {
    let colours =
        [chunk(b"gAMA", &45455u32.to_be_bytes()), chunk(b"sRGB", &[0]), chunk(b"cICP", &[1, 13, 0, 1])].concat();
    let frame = chunk(b"fcTL", &[0, 0, 0, 0, 0, 0, 0, 24, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0]);
    let moves = [chunk(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]), frame].concat();
    let png = inserted(&sample(Format::Png), 33, &[colours.clone(), moves.clone()].concat());
    let kept = clean(Format::Png, &png).unwrap().cleaned;
    assert!(contains(&kept, &colours) && contains(&kept, &moves));
    let profile = segment(0xe2, b"ICC_PROFILE\0\x01\x01profile");
    let adobe = segment(0xee, b"Adobe\0\x64\0\0\0\0\x01");
    let jpeg = inserted(&sample(Format::Jpeg), 2, &[profile.clone(), adobe.clone()].concat());
    let kept = clean(Format::Jpeg, &jpeg).unwrap().cleaned;
    assert!(contains(&kept, &profile) && contains(&kept, &adobe) && contains(&kept, b"JFIF"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn pixels_of_any_size_stay_as_they_are(width in 1u32..70, height in 1u32..70, format in 0usize..4) {
        let format = FORMATS[format];
        let bytes = file(format, &drawn(width, height));
        let picture = clean(format, &bytes).unwrap();
        prop_assert_eq!((picture.width, picture.height), (width, height));
        prop_assert_eq!(decoded(format, &picture.cleaned), decoded(format, &bytes));
    }

    #[test]
    fn a_picture_with_bytes_changed_ends_in_a_picture_or_a_refusal(
        format in 0usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let format = FORMATS[format];
        let mut bytes = talkative(format, 6);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(picture) = clean(format, &bytes) {
            let again = clean(format, &picture.cleaned).unwrap();
            prop_assert_eq!(again.cleaned, picture.cleaned);
        }
    }
}
