//! Few bytes that say that they are many pixels: refused by what they say, before there is memory for one.
use greenroom::media::{Format, PictureFault};

use crate::{
    BOUNDS, FORMATS, clean,
    making::{chunk, riff, sample, webp},
    memory::taken,
};

/// A whole picture of each format that claims to be huge.
fn bomb(format: Format) -> Vec<u8> {
    let mut bytes = sample(format);
    match format {
        Format::Jpeg => {
            let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
            bytes[frame + 5..frame + 9].fill(0xff);
            bytes
        }
        Format::Png => {
            let header = chunk(b"IHDR", b"\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x02\0\0\0");
            [&bytes[..8], &header, &bytes[33..]].concat()
        }
        Format::Gif => {
            bytes[6..10].fill(0xff);
            bytes
        }
        Format::Webp => {
            let pixels = bytes.split_off(12);
            let moves = [&[0x02, 0, 0, 0][..], &[0xff; 6]].concat();
            let frame = [&[0; 6][..], &[23, 0, 0, 15, 0, 0], &[0; 4], &pixels].concat();
            let chunks = [riff(b"VP8X", &moves), riff(b"ANIM", &[0; 6]), riff(b"ANMF", &frame)];
            webp(&chunks.concat())
        }
    }
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    for format in FORMATS {
        let bytes = bomb(format);
        let (fault, memory) = taken(|| clean(format, &bytes).err());
        assert_eq!(fault, Some(PictureFault::TooLarge), "{format:?}");
        assert!(memory < 200_000, "{format:?} took {memory} bytes");
    }
}

#[test]
fn the_bound_is_the_one_that_is_set() {
    for format in FORMATS {
        let bytes = sample(format);
        let bounded =
            |max_pixels| greenroom::media::picture(format, bytes.clone(), greenroom::media::Bounds { max_pixels });
        assert_eq!(bounded(24 * 16 - 1).err(), Some(PictureFault::TooLarge), "{format:?}");
        assert!(bounded(24 * 16).is_ok(), "{format:?}");
    }
    assert_eq!(BOUNDS.max_pixels, 50_000_000);
}

#[test]
fn a_frame_that_is_larger_than_its_gif_is_refused() {
    let mut bytes = sample(Format::Gif);
    let frame = bytes.windows(9).position(|window| window == [b',', 0, 0, 0, 0, 24, 0, 16, 0]).unwrap();
    bytes[frame + 5..frame + 9].fill(0xff);
    assert_eq!(clean(Format::Gif, &bytes).err(), Some(PictureFault::TooLarge));
}
