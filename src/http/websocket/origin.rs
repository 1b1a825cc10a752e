//! Which pages may open a socket: browsers let any page try, and say in `Origin` which one it is.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};

/// The pages that may open sockets, besides the server's own.
#[derive(Clone, Debug, Default)]
pub struct AllowedOrigins(Arc<[String]>);

/// What is listed is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no origin: write `https://crm.example`, with the port if it has one, and without a path")]
pub struct NoOrigin(String);

impl AllowedOrigins {
    /// These.
    ///
    /// # Errors
    /// One that is no origin.
    pub fn of(listed: &[String]) -> Result<Self, NoOrigin> {
        let origins = listed.iter().map(|text| normal(text.trim()).ok_or_else(|| NoOrigin(text.clone())));
        Ok(Self(origins.collect::<Result<_, _>>()?))
    }
}

/// Whether the page of these headers is the server's own or an allowed one. What is no browser sends no `Origin`.
pub fn is_allowed(headers: &HeaderMap, allowed: &AllowedOrigins) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Some(origin) = origin.to_str().ok().and_then(normal) else { return false };
    let host = headers.get(header::HOST).and_then(|value: &HeaderValue| value.to_str().ok());
    is_own(&origin, host.unwrap_or_default()) || allowed.0.contains(&origin)
}

/// An origin as it is compared: `scheme://host` with the port where it is not the scheme's own, in lower case. None where
/// the text is none.
fn normal(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let (scheme, authority) = text.split_once("://")?;
    let default_port = default_port(scheme)?;
    let wrong = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '@' | '*' | ',');
    if authority.is_empty() || authority.contains(wrong) {
        return None;
    }
    let authority = authority.strip_suffix(default_port).unwrap_or(authority);
    Some(format!("{scheme}://{authority}"))
}

/// Whether an origin is the host that was asked. Its scheme is not compared: behind a proxy the server does not know its own.
fn is_own(origin: &str, host: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let host = host.to_ascii_lowercase();
    let host = default_port(scheme).and_then(|port| host.strip_suffix(port)).unwrap_or(&host);
    !host.is_empty() && authority == host
}

fn default_port(scheme: &str) -> Option<&'static str> {
    match scheme {
        "http" => Some(":80"),
        "https" => Some(":443"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_open(host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_str(origin).unwrap());
        }
        let listed = ["https://crm.example:443", " HTTP://[::1]:3000"].map(str::to_owned);
        is_allowed(&headers, &AllowedOrigins::of(&listed).unwrap())
    }

    #[test]
    fn the_servers_own_pages_and_allowed_ones_may_open_sockets() {
        for (host, origin) in [
            ("api.example", None),
            ("api.example", Some("https://api.example")),
            ("API.example", Some("http://api.Example")),
            ("api.example:443", Some("https://api.example")),
            ("api.example", Some("https://api.example:443")),
            ("localhost:4000", Some("http://localhost:4000")),
            ("api.example", Some("https://crm.example")),
            ("api.example", Some("https://crm.example:443")),
            ("api.example", Some("http://[::1]:3000")),
        ] {
            assert!(may_open(host, origin), "{host} {origin:?}");
        }
        for (host, origin) in [
            ("api.example", Some("null")),
            ("api.example", Some("")),
            ("api.example", Some("https://evil.example")),
            ("api.example", Some("http://crm.example")),
            ("api.example", Some("https://crm.example.evil.example")),
            ("api.example", Some("https://api.example:8443")),
            ("localhost:4000", Some("http://localhost:4001")),
            ("api.example", Some("file://api.example")),
            ("api.example", Some("https://api.example/")),
            ("", Some("https://")),
        ] {
            assert!(!may_open(host, origin), "{host} {origin:?}");
        }
    }

    #[test]
    fn what_is_no_origin_cannot_be_listed() {
        for text in ["*", "crm.example", "https://*.example", "https://crm.example/", "https://a@b", ""] {
            assert_eq!(AllowedOrigins::of(&[text.to_owned()]).unwrap_err(), NoOrigin(text.to_owned()));
        }
    }
}
