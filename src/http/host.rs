//! The demo answers only to this machine's own names, so that no page elsewhere can borrow its identities.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;

/// Refuses requests whose `Host` is not a loopback name (DNS rebinding), or whose `Origin` is another site.
pub async fn require_loopback(request: Request, next: Next) -> Response {
    if comes_from_this_machine(request.headers()) {
        return next.run(request).await;
    }
    let message = "the demo answers only on this machine: open it as `localhost` or `127.0.0.1`";
    Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", message).into_response()
}

fn comes_from_this_machine(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    text(header::HOST).is_some_and(is_loopback)
        && text(header::ORIGIN).is_none_or(|origin| origin.strip_prefix("http://").is_some_and(is_loopback))
}

fn is_loopback(authority: &str) -> bool {
    let name = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or("", |(name, _)| name),
        None => authority.rsplit_once(':').map_or(authority, |(name, _)| name),
    };
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_this_machines_names_are_loopback() {
        for ours in ["localhost", "localhost:4000", "127.0.0.1:4000", "127.8.9.1", "[::1]:4000", "[::1]"] {
            assert!(is_loopback(ours), "{ours}");
        }
        for other in
            ["", "evil.example", "localhost.evil.example:4000", "192.168.0.1", "[::2]:80", "127.0.0.1.nip.io"]
        {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
