//! The folders that the settings name. They hold secrets, so nobody but their owner looks in.
use std::{fs::DirBuilder, io, path::Path};

/// Makes a folder and those above it, if they are missing, for their owner only. One that is there stays as it is.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn a_new_folder_is_its_owners_alone() {
        let home = tempfile::tempdir().unwrap();
        private_folder(&home.path().join("data/outbox")).unwrap();
        for made in ["data", "data/outbox"] {
            assert_eq!(fs::metadata(home.path().join(made)).unwrap().permissions().mode() & 0o777, 0o700, "{made}");
        }
    }
}
