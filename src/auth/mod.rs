//! Credentials: what proves that a request comes from somebody. Never what they may do (P4).

mod secrets;
mod token;

pub use secrets::{Secrets, SecretsError};
pub use token::{Bearer, InvalidToken, Tokens};
