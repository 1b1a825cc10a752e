//! Whether the server can do its work.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use super::App;

/// 200 when the database answers, 503 when it does not.
pub async fn health(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    if app.base.database.is_alive().await {
        (StatusCode::OK, "ok\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
    }
}
