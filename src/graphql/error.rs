//! What goes wrong while a request is answered: coded for the caller, logged once for us.

use std::borrow::Cow;

use async_graphql::{ErrorExtensionValues, Pos, ServerError};

use crate::domain;
use crate::domain::error::{Refusal, RefusalKind};

/// The codes of top-level errors. What the caller of a mutation can mend is no error but a `userErrors` entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Nobody is signed in.
    Unauthenticated,
    /// A field needs a permission that the viewer lacks.
    Forbidden,
    /// An argument or a variable cannot be taken.
    BadUserInput,
    /// What a subscription would listen to is not there, for this viewer.
    NotFound,
    /// A subscription fell too far behind, and resumes from a cursor.
    ResumeRequired,
    /// The document does not fit the schema.
    ValidationFailed,
    /// The server failed.
    Internal,
}

impl Code {
    /// As it stands in `extensions.code`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Code::Unauthenticated => "UNAUTHENTICATED",
            Code::Forbidden => "FORBIDDEN",
            Code::BadUserInput => "BAD_USER_INPUT",
            Code::NotFound => "NOT_FOUND",
            Code::ResumeRequired => "RESUME_REQUIRED",
            Code::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Code::Internal => "INTERNAL",
        }
    }
}

/// What the caller is told when the server failed: nothing but that.
pub const OPAQUE: &str = "the server failed: try again, and give the request id when you report it";

/// Why a field has no answer. Not `Display` on purpose: a displayable error given to `?` in a resolver reaches the
/// client as its text, without a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The field needs a permission of its own (A9).
    Forbidden(policy::Field),
    /// The viewer may not ask this; the permission alone would mend it, where there is one.
    Denied(Option<policy::Permission>),
    /// The field is open to the person themselves alone.
    NotOneself,
    /// An argument cannot be taken.
    BadInput(Cow<'static, str>),
    /// It is not there, or the viewer may not see it: the two answer alike (A7).
    NotFound,
    /// The server failed; the source is in the log already.
    Broken,
}

impl Failure {
    /// An argument that cannot be taken, with what to do about it.
    pub fn bad_input(message: impl Into<Cow<'static, str>>) -> Self {
        Failure::BadInput(message.into())
    }

    /// A question that the viewer may not ask, or whose input cannot be taken.
    #[must_use]
    pub fn refused(refusals: &[Refusal]) -> Self {
        match refusals {
            [Refusal { kind: RefusalKind::PermissionDenied { permission }, .. }, ..] => {
                Failure::Denied(*permission)
            }
            [refusal, ..] => Failure::BadInput(refusal.message.clone()),
            [] => Failure::bug("a refusal says nothing"),
        }
    }

    /// Something that must not happen.
    #[must_use]
    pub fn bug(message: &'static str) -> Self {
        domain::error::Error::bug(message).into()
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Failure::Forbidden(_) | Failure::Denied(_) | Failure::NotOneself => Code::Forbidden,
            Failure::BadInput(_) => Code::BadUserInput,
            Failure::NotFound => Code::NotFound,
            Failure::Broken => Code::Internal,
        }
    }

    /// What the code is about, where one field can fail for several reasons.
    #[must_use]
    pub const fn subject(&self) -> Option<&'static str> {
        match self {
            Failure::Forbidden(field) => Some(field.name),
            Failure::Denied(_)
            | Failure::NotOneself
            | Failure::BadInput(_)
            | Failure::NotFound
            | Failure::Broken => None,
        }
    }

    /// As it is reported, without the path.
    #[must_use]
    pub fn report(&self, position: Option<Pos>) -> ServerError {
        match self {
            Failure::Forbidden(field) => {
                let message = format!("`{}` needs the permission `{}`", field.name, field.needs);
                let mut error = coded(self.code(), message, position);
                let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
                extensions.set("permission", field.needs.name());
                extensions.set("field", field.name);
                error
            }
            Failure::Denied(permission) => {
                let message = match permission {
                    Some(permission) => format!("you need the permission `{permission}` for this"),
                    None => "only people who may see every record may ask this".to_owned(),
                };
                let mut error = coded(self.code(), message, position);
                if let Some(permission) = permission {
                    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
                    extensions.set("permission", permission.name());
                }
                error
            }
            Failure::NotOneself => {
                coded(self.code(), "an inbox is open to its owner alone: ask it of `viewer`", position)
            }
            Failure::BadInput(message) => coded(self.code(), message.clone(), position),
            Failure::NotFound => {
                coded(self.code(), "there is no such record, or you may not see it", position)
            }
            Failure::Broken => coded(self.code(), OPAQUE, position),
        }
    }
}

/// An error with a code.
pub fn coded(code: Code, message: impl Into<String>, position: Option<Pos>) -> ServerError {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code.name());
    ServerError { extensions: Some(extensions), ..ServerError::new(message, position) }
}

impl From<domain::error::Error> for Failure {
    /// This is where a failure of the server is handled, so it is logged here and nowhere else.
    fn from(error: domain::error::Error) -> Self {
        tracing::error!(%error, "a request failed");
        Failure::Broken
    }
}
