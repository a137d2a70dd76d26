//! Which place files are kept in, so that servers that share a database can tell whether they share that too.
use std::{fs, io, io::Write, path::Path};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::BytesFault;
use crate::settings::{FileStore, Files};

/// Where a folder says which one it is, to whoever mounts it.
const MARK: &str = "place";

/// So many characters tell one place from another.
const LONG: usize = 16;

/// The same for all who keep their files in the same place, and another one for any other. A folder that has no mark gets one.
///
/// # Errors
/// If the folder's mark cannot be read or written.
pub fn place(settings: &Files) -> Result<String, BytesFault> {
    match settings.store {
        FileStore::Folder => Ok(marked(&settings.folder)?),
        FileStore::S3 => {
            let mut named = Sha256::new();
            named.update(settings.s3_endpoint.as_bytes());
            named.update([0]);
            named.update(settings.s3_bucket.as_bytes());
            Ok(hex::encode(named.finalize()).chars().take(LONG).collect())
        }
    }
}

fn marked(folder: &Path) -> io::Result<String> {
    let path = folder.join(MARK);
    let mark = Uuid::new_v4().simple().to_string();
    match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
        Ok(mut file) => {
            file.write_all(mark.as_bytes())?;
            file.sync_all()?;
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    Ok(fs::read_to_string(path)?.trim().chars().take(LONG).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_the_same_place_to_all_who_mount_it_and_no_other() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let place = marked(one.path()).unwrap();
        assert_eq!(place.len(), LONG);
        assert_eq!(marked(one.path()).unwrap(), place);
        assert_ne!(marked(other.path()).unwrap(), place);
    }
}
