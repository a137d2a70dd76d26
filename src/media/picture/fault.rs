//! Why a picture is not kept.

/// What whoever sent it hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    /// Its bytes end early, contradict each other, or cannot be read.
    #[error("the picture cannot be read")]
    Broken,
    /// It has more pixels than may be.
    #[error("the picture has too many pixels")]
    TooLarge,
}

impl PictureFault {
    /// For whatever a decoder complains of.
    pub fn broken<T>(_: T) -> Self {
        Self::Broken
    }
}
