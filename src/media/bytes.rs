//! Where the bytes of files are: in a folder, or in a bucket of a service that speaks S3. `http` puts and gets them; `app` removes
//! those of files that are gone.
use std::{
    fs::{self, DirBuilder, File},
    io,
    ops::Range,
    os::unix::fs::DirBuilderExt,
    path::Path,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig, WriteMultipart, aws::AmazonS3Builder,
    local::LocalFileSystem,
};
use secrecy::ExposeSecret;
use tempfile::NamedTempFile;
use tokio::{io::AsyncReadExt, sync::Semaphore, task::spawn_blocking};
use uuid::Uuid;

use super::Stats;
use crate::settings::{FileStore, Files};

/// How much of a file is sent to a service at once. It takes no smaller pieces.
const PIECE: usize = 5 * 1024 * 1024;
/// So many files are sent at once: each takes two pieces of memory.
const SENDING: usize = 8;
/// What is left of an upload that nobody writes any more goes after this long.
const LEFT_OVER: Duration = Duration::from_secs(60);
/// How long one request to a service may take, and all tries of one together.
const REQUEST: Duration = Duration::from_secs(30);
const TRIES: Duration = Duration::from_secs(60);

/// The bytes were not put, found or removed.
#[derive(Debug, thiserror::Error)]
pub enum BytesFault {
    /// There are none.
    #[error("there are no such bytes")]
    Missing,
    /// The folder or the service did not do it. Nothing of what it says comes from a client.
    #[error("{0}")]
    Unable(String),
}

impl From<object_store::Error> for BytesFault {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            other => Self::Unable(other.to_string()),
        }
    }
}

impl From<io::Error> for BytesFault {
    fn from(error: io::Error) -> Self {
        Self::Unable(error.to_string())
    }
}

/// What of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// All of it.
    Whole,
    /// The small picture of it.
    Thumbnail,
}

/// Bytes that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Whose.
    pub file: Uuid,
    /// Which.
    pub part: Part,
    /// How many.
    pub size: u64,
}

/// The bytes of all files. Cheap to clone.
#[derive(Clone)]
pub struct ByteStore {
    objects: Arc<dyn ObjectStore>,
    /// Uploads under way.
    incoming: Arc<Path>,
    /// Where they end up, if that is a folder.
    folder: Option<Arc<Path>>,
    sending: Arc<Semaphore>,
    stats: Arc<Stats>,
}

impl ByteStore {
    /// As the settings say. Makes the folders that are missing; a service is asked nothing yet.
    ///
    /// # Errors
    /// If the folder cannot be made, or the service cannot be as it is described.
    pub fn open(settings: &Files) -> Result<Self, BytesFault> {
        let incoming = settings.folder.join("incoming");
        make(&incoming)?;
        let (objects, folder): (Arc<dyn ObjectStore>, _) = match settings.store {
            FileStore::Folder => {
                let folder = settings.folder.join("stored");
                make(&folder)?;
                (Arc::new(LocalFileSystem::new_with_prefix(&folder)?), Some(folder.into()))
            }
            FileStore::S3 => (Arc::new(service(settings)?), None),
        };
        Ok(Self {
            objects,
            incoming: incoming.into(),
            folder,
            sending: Arc::new(Semaphore::new(SENDING)),
            stats: Arc::default(),
        })
    }

    /// What is counted of them.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// A place for what is being uploaded. It goes with its last holder, and with the process.
    ///
    /// # Errors
    /// If there is no room for it.
    pub fn incoming(&self) -> io::Result<NamedTempFile> {
        let file = NamedTempFile::new_in(&self.incoming)?;
        // As long as somebody holds the lock it is not taken for a left-over.
        file.as_file().lock()?;
        Ok(file)
    }

    /// Puts a file where it belongs. When this returns its bytes are there, after a power cut too.
    ///
    /// # Errors
    /// The folder or the service does not take it: nothing of it is there, or some of it, to be removed.
    pub async fn put(&self, file: Uuid, part: Part, bytes: NamedTempFile) -> Result<(), BytesFault> {
        let path = path(file, part);
        match self.folder.clone() {
            Some(folder) => {
                let settled = spawn_blocking(move || settle(bytes, &folder.join(path.as_ref()))).await;
                Ok(settled.map_err(|broken| BytesFault::Unable(broken.to_string()))??)
            }
            None => self.send(&path, bytes).await,
        }
    }

    async fn send(&self, path: &object_store::path::Path, bytes: NamedTempFile) -> Result<(), BytesFault> {
        let _turn = self.sending.acquire().await;
        let mut from = tokio::fs::File::from_std(File::open(bytes.path())?);
        let size = from.metadata().await?.len();
        if size <= PIECE as u64 {
            let mut all = Vec::with_capacity(PIECE.min(usize::try_from(size).unwrap_or(PIECE)));
            from.read_to_end(&mut all).await?;
            self.objects.put(path, all.into()).await?;
            return Ok(());
        }
        let upload = self.objects.put_multipart(path).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PIECE);
        if let Err(fault) = pour(&mut from, &mut upload).await {
            // Pieces that nobody puts together would stay, and no list shows them. If this fails too the service is to end them.
            let _ = upload.abort().await;
            return Err(fault);
        }
        upload.finish().await?;
        Ok(())
    }

    /// The bytes of a file, or some of them, as they come.
    ///
    /// # Errors
    /// There are none, or the folder or the service does not give them.
    pub async fn get(
        &self,
        file: Uuid,
        part: Part,
        range: Option<Range<u64>>,
    ) -> Result<impl Stream<Item = Result<Bytes, BytesFault>> + use<>, BytesFault> {
        let options = object_store::GetOptions { range: range.map(Into::into), ..Default::default() };
        let found = self.objects.get_opts(&path(file, part), options).await?;
        Ok(found.into_stream().map_err(BytesFault::from))
    }

    /// How many bytes there are.
    ///
    /// # Errors
    /// There are none, or the folder or the service does not say.
    pub async fn size(&self, file: Uuid, part: Part) -> Result<u64, BytesFault> {
        Ok(self.objects.head(&path(file, part)).await?.size)
    }

    /// Removes the bytes of a file; what is not there is removed already.
    ///
    /// # Errors
    /// The folder or the service does not do it.
    pub async fn remove(&self, file: Uuid) -> Result<(), BytesFault> {
        for part in [Part::Whole, Part::Thumbnail] {
            match self.objects.delete(&path(file, part)).await.map_err(BytesFault::from) {
                Ok(()) | Err(BytesFault::Missing) => {}
                Err(fault) => return Err(fault),
            }
        }
        self.stats.removed.count();
        Ok(())
    }

    /// All bytes that are there, in no order. For a check: a file is `None` if what is there is none of ours.
    pub fn all(&self) -> impl Stream<Item = Result<Option<Kept>, BytesFault>> + use<> {
        self.objects.list(None).map(|found| {
            let found = found?;
            Ok(read(&found.location).map(|(file, part)| Kept { file, part, size: found.size }))
        })
    }

    /// Removes what uploads left that were cut off with their server.
    ///
    /// # Errors
    /// If the folder cannot be looked at.
    pub fn clear_left_overs(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.incoming)? {
            let path = entry?.path();
            let Ok(file) = File::open(&path) else { continue };
            let age = file.metadata()?.modified()?.elapsed().unwrap_or_default();
            if age >= LEFT_OVER && file.try_lock().is_ok() {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }
}

/// The service that speaks S3.
fn service(settings: &Files) -> Result<impl ObjectStore + use<>, BytesFault> {
    // By what it speaks TLS. Somebody else may have said it before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(&settings.s3_bucket)
        .with_region(&settings.s3_region)
        .with_retry(RetryConfig { retry_timeout: TRIES, ..RetryConfig::default() });
    let mut options = ClientOptions::new().with_timeout(REQUEST);
    if !settings.s3_endpoint.is_empty() {
        options = options.with_allow_http(true);
        builder = builder.with_endpoint(&settings.s3_endpoint);
    }
    if !settings.s3_access_key.is_empty() {
        let secret = settings.s3_secret_key.expose_secret();
        builder = builder.with_access_key_id(&settings.s3_access_key).with_secret_access_key(secret);
    }
    Ok(builder.with_client_options(options).build()?)
}

/// Sends all of a file but its last piece.
async fn pour(from: &mut tokio::fs::File, upload: &mut WriteMultipart) -> Result<(), BytesFault> {
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut chunk).await?;
        if read == 0 {
            return Ok(());
        }
        upload.wait_for_capacity(1).await?;
        upload.write(&chunk[..read]);
    }
}

/// Moves a file to its place, and has the disk keep it.
fn settle(bytes: NamedTempFile, place: &Path) -> io::Result<()> {
    bytes.as_file().sync_all()?;
    let folder = place.parent().unwrap_or(place);
    make(folder)?;
    bytes.persist(place)?;
    File::open(folder)?.sync_all()
}

/// A folder for us alone.
fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Later ids begin alike: the last letters spread them over the folders.
fn path(file: Uuid, part: Part) -> object_store::path::Path {
    let name = file.hyphenated().to_string();
    let folder = &name[name.len() - 2..];
    match part {
        Part::Whole => format!("{folder}/{name}"),
        Part::Thumbnail => format!("{folder}/{name}.thumbnail"),
    }
    .into()
}

fn read(path: &object_store::path::Path) -> Option<(Uuid, Part)> {
    let name = path.filename()?;
    let (id, part) = match name.strip_suffix(".thumbnail") {
        Some(id) => (id, Part::Thumbnail),
        None => (name, Part::Whole),
    };
    Some((Uuid::try_parse(id).ok()?, part))
}

#[cfg(test)]
mod tests {
    use std::{io::Write, os::unix::fs::PermissionsExt, time::SystemTime};

    use super::*;
    use crate::settings::Settings;

    fn store(folder: &Path) -> ByteStore {
        let mut settings = Settings::defaults();
        settings.files.folder = folder.to_path_buf();
        ByteStore::open(&settings.files).unwrap()
    }

    async fn put(store: &ByteStore, file: Uuid, part: Part, text: &[u8]) {
        let mut incoming = store.incoming().unwrap();
        incoming.write_all(text).unwrap();
        store.put(file, part, incoming).await.unwrap();
    }

    async fn get(store: &ByteStore, file: Uuid, range: Option<Range<u64>>) -> Result<Vec<u8>, BytesFault> {
        let found: Vec<Bytes> = store.get(file, Part::Whole, range).await?.try_collect().await?;
        Ok(found.concat())
    }

    #[actix_rt::test]
    async fn what_is_put_is_got_whole_and_in_parts_until_it_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let file = Uuid::now_v7();
        put(&store, file, Part::Whole, b"0123456789").await;
        put(&store, file, Part::Thumbnail, b"small").await;
        assert_eq!(get(&store, file, None).await.unwrap(), b"0123456789");
        assert_eq!(get(&store, file, Some(2..5)).await.unwrap(), b"234");
        let mut all: Vec<Kept> = store.all().try_filter_map(async |kept| Ok(kept)).try_collect().await.unwrap();
        all.sort_by_key(|kept| kept.part);
        let kept = |part, size| Kept { file, part, size };
        assert_eq!(all, [kept(Part::Whole, 10), kept(Part::Thumbnail, 5)]);
        let mode = fs::metadata(folder.path().join("stored").join(path(file, Part::Whole).as_ref())).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600, "nobody else reads it");
        store.remove(file).await.unwrap();
        store.remove(file).await.unwrap();
        assert!(matches!(get(&store, file, None).await, Err(BytesFault::Missing)));
    }

    #[actix_rt::test]
    async fn what_a_server_left_that_is_gone_goes_and_what_is_being_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let old = SystemTime::now() - 2 * LEFT_OVER;
        let held = store.incoming().unwrap();
        held.as_file().set_modified(old).unwrap();
        let left = folder.path().join("incoming").join("left");
        File::create(&left).unwrap().set_modified(old).unwrap();
        store.clear_left_overs().unwrap();
        assert!(held.path().exists() && !left.exists());
    }
}
