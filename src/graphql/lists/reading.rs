//! A filter while it is read: through whose eyes, and how much of it there is.

use std::cell::Cell;

use policy::Field;

use crate::domain::search::Search;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;

/// How deep filters may stand in one another, through `and`, `or`, `not` and relations.
const MAX_DEPTH: usize = 8;

/// How many parts a filter may have. Every filter in it is one, and a search or a relation counts as [`HEAVY`].
const MAX_PARTS: usize = 100;

/// What a part costs that looks into another table for every record.
const HEAVY: usize = 5;

/// A filter that is being read.
#[derive(Debug)]
pub struct Reading<'v> {
    viewpoint: &'v Viewpoint,
    depth: Cell<usize>,
    parts: Cell<usize>,
}

impl<'v> Reading<'v> {
    /// One that begins.
    #[must_use]
    pub const fn new(viewpoint: &'v Viewpoint) -> Self {
        Self { viewpoint, depth: Cell::new(0), parts: Cell::new(0) }
    }

    /// Reads a filter that stands in what was read so far.
    ///
    /// # Errors
    /// Bad input, when that is too deep or too much; whatever `read` answers.
    pub fn part<T>(&self, read: impl FnOnce(&Self) -> Result<T, Failure>) -> Result<T, Failure> {
        self.depth.set(self.depth.get() + 1);
        if self.depth.get() > MAX_DEPTH {
            let message = format!("a filter nests at most {MAX_DEPTH} levels: ask for less at once");
            return Err(Failure::bad_input(message));
        }
        self.take(1)?;
        let part = read(self)?;
        self.depth.set(self.depth.get() - 1);
        Ok(part)
    }

    /// Reads every filter of a list.
    ///
    /// # Errors
    /// As [`Reading::part`].
    pub fn parts<I, T>(
        &self,
        parts: Option<Vec<I>>,
        read: impl Fn(I, &Self) -> Result<T, Failure>,
    ) -> Result<Option<Vec<T>>, Failure> {
        let all = |parts: Vec<I>| parts.into_iter().map(|part| read(part, self)).collect();
        parts.map(all).transpose()
    }

    /// Reads a filter over a relation.
    ///
    /// # Errors
    /// As [`Reading::part`].
    pub fn relation<I, T>(
        &self,
        filter: Option<Box<I>>,
        read: impl FnOnce(I, &Self) -> Result<T, Failure>,
    ) -> Result<Option<Box<T>>, Failure> {
        let Some(filter) = filter else { return Ok(None) };
        self.take(HEAVY)?;
        Ok(Some(Box::new(read(*filter, self)?)))
    }

    /// Reads a search.
    ///
    /// # Errors
    /// Bad input, when it is too long.
    pub fn search(&self, text: Option<String>) -> Result<Option<Search>, Failure> {
        let Some(text) = text else { return Ok(None) };
        self.take(HEAVY)?;
        Search::parse(&text).map(Some).map_err(|too_much| Failure::bad_input(too_much.to_string()))
    }

    /// Refuses a part that needs a permission which the viewer lacks (A9).
    ///
    /// # Errors
    /// Forbidden.
    pub fn require(&self, field: Field) -> Result<(), Failure> {
        match self.viewpoint.access().actor().holds(field.needs) {
            true => Ok(()),
            false => Err(Failure::Forbidden(field)),
        }
    }

    /// Through whose eyes.
    #[must_use]
    pub const fn viewpoint(&self) -> &'v Viewpoint {
        self.viewpoint
    }

    fn take(&self, parts: usize) -> Result<(), Failure> {
        self.parts.set(self.parts.get() + parts);
        if self.parts.get() <= MAX_PARTS {
            return Ok(());
        }
        let message = format!(
            "a filter has at most {MAX_PARTS} parts, and a search or a relation counts as {HEAVY}: ask for less at once"
        );
        Err(Failure::bad_input(message))
    }
}
