//! The server's secrets: made at the first start, kept in a file that only its owner can read.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

/// Why the secrets cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The file cannot be read or written.
    #[error("the secrets file `{}` cannot be used: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others can read it.
    #[error("the secrets file `{}` can be read by others: run `chmod 600` on it, and make new secrets if others did", .0.display())]
    Exposed(PathBuf),
    /// It is not what the server wrote.
    #[error("the secrets file `{}` is damaged: restore it, or delete it, which ends every token and cursor", .0.display())]
    Damaged(PathBuf),
}

/// What the server signs with.
#[derive(Clone)]
pub struct Secrets {
    /// Signs tokens.
    pub token_key: Vec<u8>,
    /// Seals cursors.
    pub cursor_key: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    token_key: String,
    cursor_key: String,
}

impl Secrets {
    /// Reads the secrets of this file; makes them when there is none.
    ///
    /// # Errors
    /// A file that cannot be read or made, that others can read, or that is damaged.
    pub fn at(path: &Path) -> Result<Self, SecretsError> {
        match fs::read_to_string(path) {
            Ok(text) => {
                refuse_exposed(path)?;
                Self::parse(&text).ok_or_else(|| SecretsError::Damaged(path.to_owned()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => match Self::make(path) {
                // Another process was faster: its secrets are as good.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::at(path),
                made => made.map_err(|source| SecretsError::File { path: path.to_owned(), source }),
            },
            Err(source) => Err(SecretsError::File { path: path.to_owned(), source }),
        }
    }

    /// The file beside an embedded database: `retinue.db` has `retinue.db.secrets`.
    #[must_use]
    pub fn beside(database: &Path) -> PathBuf {
        let mut name = database.as_os_str().to_owned();
        name.push(".secrets");
        PathBuf::from(name)
    }

    fn parse(text: &str) -> Option<Self> {
        let stored: Stored = toml::from_str(text).ok()?;
        let key = |text: &str| BASE64.decode(text.as_bytes()).ok().filter(|key| key.len() >= 32);
        Some(Self { token_key: key(&stored.token_key)?, cursor_key: key(&stored.cursor_key)? })
    }

    fn make(path: &Path) -> io::Result<Self> {
        let mut token_key = vec![0; 32];
        let mut cursor_key = vec![0; 32];
        for key in [&mut token_key, &mut cursor_key] {
            getrandom::fill(key).map_err(io::Error::other)?;
        }
        let stored = Stored { token_key: BASE64.encode(&token_key), cursor_key: BASE64.encode(&cursor_key) };
        let text = toml::to_string(&stored).map_err(io::Error::other)?;

        // Written aside and linked into place, so that nobody ever reads half of it.
        let aside = path.with_extension(format!("{}.new", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&aside).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::hard_link(&aside, path)
        });
        fs::remove_file(&aside).ok();
        written.map(|()| Self { token_key, cursor_key })
    }
}

#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), SecretsError> {
    use std::os::unix::fs::PermissionsExt;

    let metadata =
        fs::metadata(path).map_err(|source| SecretsError::File { path: path.to_owned(), source })?;
    if metadata.permissions().mode() & 0o077 == 0 {
        Ok(())
    } else {
        Err(SecretsError::Exposed(path.to_owned()))
    }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path) -> Result<(), SecretsError> {
    Ok(())
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secrets")
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn secrets_are_made_once_and_only_their_owner_reads_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = Secrets::beside(&folder.path().join("retinue.db"));
        let made = Secrets::at(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Secrets::at(&path).unwrap().token_key, made.token_key);
        assert_ne!(made.token_key, made.cursor_key);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_others_read_or_that_is_damaged_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets");
        Secrets::at(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(Secrets::at(&path), Err(SecretsError::Exposed(_))));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "token_key = \"\"").unwrap();
        assert!(matches!(Secrets::at(&path), Err(SecretsError::Damaged(_))));
    }
}
