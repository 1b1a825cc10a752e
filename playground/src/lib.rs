//! The page at `/playground`: GraphiQL 5 with a switch between the demo's people, bundled at build time, embedded here.
//!
//! The server answers `GET /playground` with a redirect to `/playground/`, `/playground/session.json` itself, and every
//! other path below `/playground/` with [`file()`], under [`CONTENT_SECURITY_POLICY`].

#![forbid(unsafe_code)]
#![warn(missing_docs)]

use std::borrow::Cow;
use std::fmt::Write;

include!(concat!(env!("OUT_DIR"), "/bundle.rs"));

/// What every answer below `/playground` carries as `Content-Security-Policy`: everything comes from this server.
///
/// Inline styles are the editor's: Monaco writes its theme into the page.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; \
    style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// One file of the page, with what an HTTP answer says about it.
#[derive(Clone, Debug)]
pub struct File {
    /// The file itself.
    pub bytes: Cow<'static, [u8]>,
    /// For `Content-Type`.
    pub content_type: String,
    /// For `ETag`, quotes included; it follows from the content.
    pub etag: String,
    /// Whether the name changes with the content, so that a browser may keep the file for good.
    pub immutable: bool,
}

/// The file at this path below `/playground/`, such as `assets/….js`; the empty path is the page.
pub fn file(path: &str) -> Option<File> {
    let path = if path.is_empty() { "index.html" } else { path };
    let found = Bundle::get(path)?;
    Some(File {
        content_type: content_type(found.metadata.mimetype()),
        etag: etag(&found.metadata.sha256_hash()),
        // Vite puts only files that it named by their content into this folder.
        immutable: path.starts_with("assets/"),
        bytes: found.data,
    })
}

/// Whether the playground is there; otherwise the page says what was missing when the server was built.
pub fn is_built() -> bool {
    cfg!(playground_built)
}

fn content_type(mime: &str) -> String {
    if mime.starts_with("text/") { format!("{mime}; charset=utf-8") } else { mime.to_owned() }
}

fn etag(hash: &[u8; 32]) -> String {
    let mut etag = String::from('"');
    for byte in &hash[..16] {
        write!(etag, "{byte:02x}").expect("a string takes everything");
    }
    etag + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str) -> String {
        let file = file(path).unwrap_or_else(|| panic!("`{path}` is missing"));
        String::from_utf8(file.bytes.into_owned()).expect("text")
    }

    /// Every value of these attributes or calls in a text: what stands between `start` and the next `end`.
    fn between<'a>(text: &'a str, start: &'a str, end: char) -> impl Iterator<Item = &'a str> {
        text.split(start).skip(1).filter_map(move |rest| rest.split(end).next())
    }

    fn all(suffix: &'static str) -> impl Iterator<Item = String> {
        Bundle::iter().map(Cow::into_owned).filter(move |path| path.ends_with(suffix))
    }

    #[test]
    fn everything_the_page_refers_to_is_there() {
        let page = text("index.html");
        let references: Vec<&str> =
            between(&page, "src=\"", '"').chain(between(&page, "href=\"", '"')).collect();

        for reference in &references {
            let path = reference.strip_prefix("/playground/").expect("a path of our own");
            assert!(file(path).is_some(), "`{reference}` is missing");
        }
        assert_eq!(references.is_empty(), !is_built());
    }

    #[test]
    fn everything_the_scripts_and_styles_load_is_there() {
        for path in all(".js").chain(all(".css")) {
            for name in between(&text(&path), "/playground/assets/", '"') {
                let name = name.split([')', '\'', '`']).next().unwrap_or_default();
                assert!(file(&format!("assets/{name}")).is_some(), "`{name}`, named in `{path}`, is missing");
            }
        }
    }

    #[test]
    fn the_page_and_its_styles_load_nothing_from_elsewhere() {
        let page = text("index.html");
        assert!(!page.contains("http://") && !page.contains("https://"));

        for path in all(".css") {
            for source in between(&text(&path), "url(", ')') {
                let source = source.trim_matches(['"', '\'']);
                assert!(
                    source.starts_with("data:") || source.starts_with("/playground/"),
                    "`{path}` loads `{source}`"
                );
            }
        }
    }

    #[test]
    fn the_page_obeys_its_policy() {
        let page = text("index.html");
        assert!(
            between(&page, "<script", '>').all(|script| script.contains("src=\"")),
            "a script stands in the page"
        );
        assert!(!page.contains("onclick=") && !page.contains("<base"));
    }

    #[test]
    fn only_files_named_by_their_content_are_immutable() {
        assert!(file("index.html").is_some_and(|file| !file.immutable));
        for path in Bundle::iter() {
            let file = file(&path).expect("listed");
            assert_eq!(file.immutable, path.starts_with("assets/"), "`{path}`");
        }
    }

    #[test]
    fn a_file_says_what_it_is() {
        let page = file("").expect("the page");
        assert_eq!(page.content_type, "text/html; charset=utf-8");
        assert_eq!(page.etag.len(), 34);
        assert_eq!(page.etag, file("index.html").expect("the page").etag);
        for script in all(".js") {
            assert_eq!(file(&script).expect("listed").content_type, "text/javascript; charset=utf-8");
        }
    }

    #[test]
    fn nothing_else_is_there() {
        let elsewhere =
            ["nothing.js", "assets", "assets/", "/", "/index.html", "../Cargo.toml", "assets/../index.html"];
        let more = [
            "./index.html",
            "..\\Cargo.toml",
            "assets\\..\\index.html",
            "%2e%2e/Cargo.toml",
            "/etc/passwd",
            "index.html\0",
        ];
        for path in elsewhere.into_iter().chain(more) {
            assert!(file(path).is_none(), "`{path}`");
        }
    }
}
