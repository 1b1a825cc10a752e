//! Bearer tokens: signed, short, and without rights. They say who asks; the database says what they may.

use std::fmt;

use entity::{AccountId, Timestamp, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

/// Who presents a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// The account.
    pub account: AccountId,
    /// The user.
    pub user: UserId,
    /// From when on the token is worth nothing, in whole seconds.
    pub expires_at: Timestamp,
}

/// The token was not signed here, is of another kind, or has expired. No more is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token is not valid any more, or never was: get a new one")]
pub struct InvalidToken;

/// Signs and reads tokens.
#[derive(Clone)]
pub struct Tokens {
    signing: EncodingKey,
    reading: DecodingKey,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    /// The user.
    sub: String,
    /// The account.
    acc: String,
    iat: i64,
    exp: i64,
}

const ISSUER: &str = "retinue";

/// In a second.
const MICROSECONDS: i64 = 1_000_000;

impl Bearer {
    /// Whoever this is, with a token that is valid from `now` for `seconds`.
    #[must_use]
    pub const fn lasting(account: AccountId, user: UserId, now: Timestamp, seconds: i64) -> Self {
        let expires_at = now.0.saturating_add(seconds.saturating_mul(MICROSECONDS));
        Self { account, user, expires_at: Timestamp(expires_at) }
    }
}

impl Tokens {
    /// Tokens signed with `secret` (HMAC-SHA-256).
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self { signing: EncodingKey::from_secret(secret), reading: DecodingKey::from_secret(secret) }
    }

    /// A token for `bearer`, issued `now`.
    ///
    /// # Errors
    /// A failure of the signing library, which HMAC does not have.
    pub fn issue(&self, bearer: Bearer, now: Timestamp) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: bearer.user.to_string(),
            acc: bearer.account.to_string(),
            iat: now.0 / MICROSECONDS,
            exp: bearer.expires_at.0 / MICROSECONDS,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
    }

    /// Who presents this token at `now`.
    ///
    /// # Errors
    /// A token that was not signed here, or has expired.
    pub fn read(&self, token: &str, now: Timestamp) -> Result<Bearer, InvalidToken> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        // Expiry is judged by our own clock below.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.reading, &validation)
            .map_err(|_| InvalidToken)?
            .claims;
        let expires_at = Timestamp(claims.exp.saturating_mul(MICROSECONDS));
        if now >= expires_at {
            return Err(InvalidToken);
        }
        Ok(Bearer {
            account: claims.acc.parse().map_err(|_| InvalidToken)?,
            user: claims.sub.parse().map_err(|_| InvalidToken)?,
            expires_at,
        })
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Tokens")
    }
}

#[cfg(test)]
mod tests {
    use entity::TypedId;
    use uuid::Uuid;

    use super::*;

    fn bearer() -> Bearer {
        Bearer {
            account: AccountId(Uuid::from_u128(1)),
            user: UserId::from_uuid(Uuid::from_u128(2)),
            expires_at: Timestamp(60_000_000),
        }
    }

    #[test]
    fn a_token_tells_who_presents_it_until_it_expires() {
        let tokens = Tokens::new(b"secret");
        let token = tokens.issue(bearer(), Timestamp(0)).unwrap();
        assert_eq!(tokens.read(&token, Timestamp(59_999_999)), Ok(bearer()));
        assert_eq!(tokens.read(&token, Timestamp(60_000_000)), Err(InvalidToken));
    }

    #[test]
    fn a_forged_token_is_refused() {
        let tokens = Tokens::new(b"secret");
        let token = Tokens::new(b"other").issue(bearer(), Timestamp(0)).unwrap();
        assert_eq!(tokens.read(&token, Timestamp(0)), Err(InvalidToken));

        // The header may not choose the algorithm.
        let claims = token.split('.').nth(1).unwrap();
        let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.");
        assert_eq!(tokens.read(&none, Timestamp(0)), Err(InvalidToken));
        assert_eq!(tokens.read("", Timestamp(0)), Err(InvalidToken));
    }
}
