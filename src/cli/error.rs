//! What commands answer when they fail.

use std::io;

use crate::auth::SecretsError;
use crate::config::ConfigError;
use crate::domain::database::OpenError;
use crate::domain::error::Error;

/// Why a command failed. Each text is for whoever typed it.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The secrets.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The business refused, or the server failed.
    #[error("{0}")]
    Domain(#[from] Error),
    /// A file, or the network.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What came of it.
        source: io::Error,
    },
    /// What was typed does not fit.
    #[error("{0}")]
    Usage(String),
    /// What is maintained differs from the truth; what was found is said before.
    #[error("{0}")]
    Differences(String),
    /// Rows were rejected; what was read is said before.
    #[error("{0}")]
    Partial(String),
}

impl CliError {
    /// A failure of a file or of the network.
    pub fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    /// What the program exits with: 2 when part of the work was done, else 1.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            CliError::Partial(_) => 2,
            _ => 1,
        }
    }
}
