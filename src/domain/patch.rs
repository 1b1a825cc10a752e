//! A field of an input: omitted, null, or given. Updates tell the three apart.

/// What a caller says of one field.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// Omitted: it stays as it is.
    #[default]
    Keep,
    /// Null: it is emptied.
    Clear,
    /// Given.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the caller says anything.
    #[must_use]
    pub const fn is_given(&self) -> bool {
        !matches!(self, Patch::Keep)
    }

    /// The value after the patch, where `current` is the one before.
    #[must_use]
    pub fn over(self, current: Option<T>) -> Option<T> {
        match self {
            Patch::Keep => current,
            Patch::Clear => None,
            Patch::Set(value) => Some(value),
        }
    }

    /// The given value, by reference.
    #[must_use]
    pub const fn as_ref(&self) -> Patch<&T> {
        match self {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(value) => Patch::Set(value),
        }
    }

    /// The given value.
    #[must_use]
    pub fn given(self) -> Option<T> {
        match self {
            Patch::Set(value) => Some(value),
            Patch::Keep | Patch::Clear => None,
        }
    }
}
