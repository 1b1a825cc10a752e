//! Who asks: a bearer token makes an access, with the rights of this moment.

use axum::http::{HeaderMap, StatusCode, header};

use super::App;
use super::problem::Problem;
use crate::auth::Bearer;
use crate::domain::access::Access;

/// Who presents this token. Whether they are still there, [`enter`] finds out. A missing, forged or expired token and a user
/// who has left are answered alike.
///
/// # Errors
/// 401 without a valid token.
pub fn identify(app: &App, token: Option<&str>) -> Result<Bearer, Problem> {
    let token = token.ok_or_else(refused)?;
    app.tokens.read(token, app.base.clock.now()).map_err(|_| refused())
}

/// The access of a bearer at this moment (P4).
///
/// # Errors
/// 401 when the token has expired or the user has left, 503 when the database does not answer.
pub async fn enter(app: &App, bearer: Bearer) -> Result<Access, Problem> {
    if app.base.clock.now() >= bearer.expires_at {
        return Err(refused());
    }
    match Access::of_user(&app.base, bearer.account, bearer.user).await {
        Ok(access) => access.ok_or_else(refused),
        Err(error) => {
            tracing::error!(%error, "the viewer could not be read");
            let message = "the server cannot reach its database: try again";
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message))
        }
    }
}

/// The refusal of whoever has no valid token.
pub fn refused() -> Problem {
    let message = "send a valid token: `Authorization: Bearer …`; `retinue token` makes one";
    Problem::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
}

/// The token in these headers.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    bearer(headers.get(header::AUTHORIZATION)?.to_str().ok()?)
}

/// The token in the text of an `Authorization`.
pub fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
