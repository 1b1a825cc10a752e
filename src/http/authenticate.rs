//! Who asks: a bearer token makes an access, with the rights of this moment.

use axum::http::{HeaderMap, StatusCode, header};

use super::App;
use super::problem::Problem;
use crate::domain::access::Access;

/// The access of whoever sent these headers. A missing, forged or expired token and a user who has left are answered
/// alike.
///
/// # Errors
/// 401 without a valid token, 503 when the database does not answer.
pub async fn authenticate(app: &App, headers: &HeaderMap) -> Result<Access, Problem> {
    let refused = || {
        let message = "send a valid token: `Authorization: Bearer …`; `retinue token` makes one";
        Problem::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
    };
    let token = bearer(headers).ok_or_else(refused)?;
    let bearer = app.tokens.read(token, app.base.clock.now()).map_err(|_| refused())?;
    match Access::of_user(&app.base, bearer.account, bearer.user).await {
        Ok(access) => access.ok_or_else(refused),
        Err(error) => {
            tracing::error!(%error, "the viewer could not be read");
            let message = "the server cannot reach its database: try again";
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message))
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
