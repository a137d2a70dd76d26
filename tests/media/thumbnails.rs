//! Small pictures: their size, their side that is up, what they let through, their colours.
use greenroom::media::{Format, ThumbnailFormat};
use image::{DynamicImage, GenericImageView, Rgba, RgbaImage};

use crate::{
    FORMATS, clean,
    making::{drawn, file, talkative},
};

#[test]
fn a_thumbnail_is_within_its_bounds_and_never_larger_than_the_picture() {
    for (size, expected) in
        [((24, 16), (24, 16)), ((960, 600), (480, 300)), ((500, 1000), (240, 480)), ((700, 1), (480, 1))]
    {
        for format in FORMATS {
            let picture = clean(format, &file(format, &drawn(size.0, size.1))).unwrap();
            let thumbnail = image::load_from_memory(&picture.thumbnail.bytes).unwrap();
            assert_eq!(thumbnail.dimensions(), expected, "{format:?}");
            assert_eq!((picture.thumbnail.width, picture.thumbnail.height), expected);
            assert_eq!((picture.width, picture.height), size);
            assert_eq!(picture.blurhash.len(), 28, "{}", picture.blurhash);
        }
    }
}

#[test]
fn a_thumbnail_is_upright_and_so_are_width_and_height() {
    for format in [Format::Jpeg, Format::Png, Format::Webp] {
        for orientation in 1..=8u8 {
            let picture = clean(format, &talkative(format, orientation)).unwrap();
            let expected = if orientation > 4 { (16, 24) } else { (24, 16) };
            assert_eq!((picture.width, picture.height), expected, "{format:?} {orientation}");
            let mut upright = drawn(24, 16);
            upright.apply_orientation(image::metadata::Orientation::from_exif(orientation).unwrap());
            let small = image::load_from_memory(&picture.thumbnail.bytes).unwrap();
            near(&small, &upright, &format!("{format:?} {orientation}"));
        }
    }
}

/// The corners of `found` have about the red and green of those of `expected`.
fn near(found: &DynamicImage, expected: &DynamicImage, of: &str) {
    assert_eq!(found.dimensions(), expected.dimensions(), "{of}");
    let (right, bottom) = (found.width() - 1, found.height() - 1);
    for (x, y) in [(0, 0), (right, 0), (0, bottom), (right, bottom)] {
        let (found, expected) = (found.get_pixel(x, y), expected.get_pixel(x, y));
        for colour in 0..2 {
            assert!(found[colour].abs_diff(expected[colour]) < 60, "{of}: {found:?} for {expected:?} at {x}, {y}");
        }
    }
}

#[test]
fn what_lets_something_through_has_a_thumbnail_that_does() {
    let mut drawn = RgbaImage::from_pixel(600, 30, Rgba([200, 10, 10, 255]));
    for format in [Format::Png, Format::Webp, Format::Gif] {
        let opaque = clean(format, &file(format, &DynamicImage::ImageRgba8(drawn.clone()))).unwrap();
        assert_eq!(opaque.thumbnail.format, ThumbnailFormat::Jpeg, "{format:?}");
    }
    drawn.put_pixel(0, 0, Rgba([0, 0, 0, 0]));
    for format in [Format::Png, Format::Webp, Format::Gif] {
        let picture = clean(format, &file(format, &DynamicImage::ImageRgba8(drawn.clone()))).unwrap();
        assert_eq!(picture.thumbnail.format, ThumbnailFormat::Png, "{format:?}");
        assert_eq!(image::load_from_memory(&picture.thumbnail.bytes).unwrap().get_pixel(479, 23)[0], 200);
    }
}

#[test]
fn greys_and_deep_colours_have_thumbnails() {
    let drawn = drawn(600, 40);
    let kinds = [
        DynamicImage::ImageLuma8(drawn.to_luma8()),
        DynamicImage::ImageLumaA8(drawn.to_luma_alpha8()),
        DynamicImage::ImageLuma16(drawn.to_luma16()),
        DynamicImage::ImageRgb16(drawn.to_rgb16()),
        DynamicImage::ImageRgba16(drawn.to_rgba16()),
    ];
    for kind in kinds {
        let picture = clean(Format::Png, &file(Format::Png, &kind)).unwrap();
        let small = image::load_from_memory(&picture.thumbnail.bytes).unwrap();
        let right = kind.to_rgb8().get_pixel(599, 39).0;
        let found = small.to_rgb8().get_pixel(479, 31).0;
        assert!(right[1].abs_diff(found[1]) < 40, "{:?}: {found:?} for {right:?}", kind.color());
    }
    let grey = clean(Format::Jpeg, &file(Format::Jpeg, &DynamicImage::ImageLuma8(drawn.to_luma8()))).unwrap();
    assert_eq!((grey.thumbnail.width, grey.thumbnail.height), (480, 32));
}
