//! The rejects file on disk: made when the first row is rejected, put in place when the import ends.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::cli::CliError;

/// A file that is there only once something is written to it.
pub struct RejectsFile {
    path: PathBuf,
    partial: PathBuf,
    file: Option<BufWriter<File>>,
}

/// Where rejected rows are.
#[derive(Debug, Default)]
pub struct Kept {
    /// The file; none when nothing was rejected.
    pub path: Option<PathBuf>,
    /// What stood in its place before, where that differs: somebody may have been mending it.
    pub earlier: Option<PathBuf>,
}

impl RejectsFile {
    /// At `path`, for the rows of `input`.
    ///
    /// # Errors
    /// The input itself.
    pub fn at(path: &Path, input: &Path) -> Result<Self, CliError> {
        let is_input = match (fs::canonicalize(path), fs::canonicalize(input)) {
            (Ok(path), Ok(input)) => path == input,
            _ => false,
        };
        if is_input {
            let message =
                format!("`{}` is the file to import: name another one for the rejects", path.display());
            return Err(CliError::Usage(message));
        }
        Ok(Self { path: path.to_owned(), partial: with_suffix(path, ".partial"), file: None })
    }

    /// Puts the file in place. An earlier one moves aside, so that a path without rejects has no file.
    ///
    /// # Errors
    /// A file that cannot be written or moved.
    pub fn finish(self) -> Result<Kept, CliError> {
        let failed = format!("the rejects file `{}` cannot be written", self.path.display());
        self.put_in_place().map_err(CliError::io(failed))
    }

    fn put_in_place(self) -> io::Result<Kept> {
        let is_written = match self.file {
            Some(file) => {
                file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
                true
            }
            None => false,
        };
        let mut kept = Kept { path: is_written.then(|| self.path.clone()), earlier: None };
        if self.path.is_file() {
            if is_written && fs::read(&self.path)? == fs::read(&self.partial)? {
                fs::remove_file(&self.partial)?;
                return Ok(kept);
            }
            let earlier = with_suffix(&self.path, ".bak");
            fs::rename(&self.path, &earlier)?;
            kept.earlier = Some(earlier);
        }
        if is_written {
            fs::rename(&self.partial, &self.path)?;
        }
        Ok(kept)
    }
}

impl Write for RejectsFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.file.is_none() {
            self.file = Some(BufWriter::new(File::create(&self.partial)?));
        }
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, text: Option<&str>) -> Kept {
        let mut file = RejectsFile::at(path, Path::new("input.csv")).unwrap();
        if let Some(text) = text {
            file.write_all(text.as_bytes()).unwrap();
        }
        file.flush().unwrap();
        file.finish().unwrap()
    }

    #[test]
    fn no_rejects_leave_no_file_and_an_earlier_one_is_kept_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deals.rejects.csv");
        assert!(write(&path, None).path.is_none());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

        assert!(write(&path, Some("first")).earlier.is_none());
        assert!(write(&path, Some("first")).earlier.is_none());
        let second = write(&path, Some("second"));
        assert_eq!(fs::read_to_string(second.path.unwrap()).unwrap(), "second");
        assert_eq!(fs::read_to_string(second.earlier.unwrap()).unwrap(), "first");

        let none = write(&path, None);
        assert!(none.path.is_none());
        assert!(!path.exists());
        assert_eq!(fs::read_to_string(none.earlier.unwrap()).unwrap(), "second");
    }

    #[test]
    fn the_input_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deals.csv");
        fs::write(&path, "input").unwrap();
        assert!(RejectsFile::at(&folder.path().join(".").join("deals.csv"), &path).is_err());
    }
}
