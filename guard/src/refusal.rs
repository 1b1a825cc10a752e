//! Why a document is refused, in words for the caller.

use async_graphql_parser::Pos;

/// A document that goes no further.
///
/// Not `Display` and no `Error` on purpose: a displayable error given to `?` in a resolver reaches the client as its
/// text, without the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, for the program.
    pub kind: Kind,
    /// What is wrong and what to do next, for the person. Of the source it quotes names at most, never a line.
    pub message: String,
    /// Where it shows, if it shows in one place.
    pub position: Option<Pos>,
}

impl Refusal {
    /// The code that the error carries in its extensions.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }

    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), position: None }
    }

    pub(crate) fn at(self, position: Pos) -> Self {
        Self { position: Some(position), ..self }
    }
}

/// The kinds of refusal, one for each code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It is not GraphQL: `GRAPHQL_PARSE_FAILED`.
    ParseFailed,
    /// Too many bytes or tokens, found before parsing: `DOCUMENT_TOO_LARGE`.
    TooLarge,
    /// Brackets, fields, introspection or fragments too far within each other: `DOCUMENT_TOO_DEEP`.
    TooDeep,
    /// Too many definitions, fields, aliases, inputs or nested lists of introspection: `DOCUMENT_TOO_COMPLEX`.
    TooComplex,
    /// It parses and is small, but contradicts itself; no schema is needed to tell: `GRAPHQL_VALIDATION_FAILED`.
    Invalid,
}

impl Kind {
    /// The code that the error carries in its extensions.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::TooLarge => "DOCUMENT_TOO_LARGE",
            Self::TooDeep => "DOCUMENT_TOO_DEEP",
            Self::TooComplex => "DOCUMENT_TOO_COMPLEX",
            Self::Invalid => "GRAPHQL_VALIDATION_FAILED",
        }
    }
}

/// A name from the document as a message shows it: in backticks, and not for pages.
pub(crate) fn quoted(name: &str) -> String {
    const SHOWN: usize = 64;
    match name.get(..SHOWN) {
        Some(start) if name.len() > SHOWN => format!("`{start}…`"),
        _ => format!("`{name}`"),
    }
}
