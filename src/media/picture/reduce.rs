//! Makes a picture small while its pixels are being read: each box of them becomes one, so that there is no need of memory for
//! the whole.

/// Red, green, blue, and how opaque.
pub type Rgba = [u8; 4];

/// A picture with fewer than twice the pixels of its thumbnail each way.
pub struct Small {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
    /// Whether no pixel lets anything through.
    pub opaque: bool,
    /// What its colours mean, if the file says so.
    pub icc: Option<Vec<u8>>,
}

/// Sums of the pixels of each box, colours weighed by how opaque they are.
#[derive(Clone, Copy, Default)]
struct Sum {
    rgb: [u64; 3],
    alpha: u64,
    count: u32,
}

pub struct Reducer {
    width: u32,
    height: u32,
    /// How many pixels a box has, each way.
    across: u32,
    down: u32,
    sums: Vec<Sum>,
    opaque: bool,
}

impl Reducer {
    /// For a picture of `size`, whose thumbnail will have `thumbnail`.
    pub fn new(size: (u32, u32), thumbnail: (u32, u32)) -> Self {
        let (across, down) = ((size.0 / thumbnail.0).max(1), (size.1 / thumbnail.1).max(1));
        let (width, height) = (size.0.div_ceil(across), size.1.div_ceil(down));
        let sums = vec![Sum::default(); width as usize * height as usize];
        Self { width, height, across, down, sums, opaque: true }
    }

    /// One pixel. What lies outside is passed over.
    pub fn add(&mut self, x: u32, y: u32, [red, green, blue, alpha]: Rgba) {
        let (x, y) = (x / self.across, y / self.down);
        if x >= self.width || y >= self.height {
            return;
        }
        let sum = &mut self.sums[y as usize * self.width as usize + x as usize];
        let weight = u64::from(alpha);
        for (sum, colour) in sum.rgb.iter_mut().zip([red, green, blue]) {
            *sum += u64::from(colour) * weight;
        }
        sum.alpha += weight;
        sum.count += 1;
        self.opaque &= alpha == u8::MAX;
    }

    /// Pixels side by side, from the left.
    pub fn row(&mut self, y: u32, pixels: impl Iterator<Item = Rgba>) {
        (0..).zip(pixels).for_each(|(x, pixel)| self.add(x, y, pixel));
    }

    pub fn finish(self, icc: Option<Vec<u8>>) -> Small {
        let rgba = self.sums.iter().flat_map(|sum| sum.mean()).collect();
        Small { width: self.width, height: self.height, rgba, opaque: self.opaque, icc }
    }
}

impl Sum {
    fn mean(&self) -> Rgba {
        let over = |sum: u64, count: u64| (sum + count / 2).checked_div(count).unwrap_or_default() as u8;
        let [red, green, blue] = self.rgb.map(|sum| over(sum, self.alpha));
        [red, green, blue, over(self.alpha, u64::from(self.count))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_become_pixels_and_what_is_transparent_has_no_colour() {
        let mut reducer = Reducer::new((4, 2), (2, 1));
        reducer.row(0, [[255, 0, 0, 255], [0, 0, 0, 255], [9, 9, 9, 255], [77, 0, 0, 0]].into_iter());
        reducer.row(1, [[255, 0, 0, 255], [0, 0, 0, 255], [9, 9, 9, 255], [88, 0, 0, 0]].into_iter());
        let small = reducer.finish(None);
        assert_eq!((small.width, small.height, small.opaque), (2, 1, false));
        assert_eq!(small.rgba, [128, 0, 0, 255, 9, 9, 9, 128]);
    }
}
