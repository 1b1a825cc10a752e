//! The failures of one answer, one per field and list (A9), however many items of the list fail alike.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_graphql::{PathSegment, Pos, QueryPathNode, QueryPathSegment, ServerError};

use super::error::Failure;

/// Collects failures while fields are resolved. Failures of the same kind whose paths differ only in the places of lists
/// are one, which keeps the first of these paths.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<HashMap<Line, (Vec<usize>, ServerError)>>);

/// What failures that are told as one have in common: the fields of their path, the code and what the code is about.
type Line = (Vec<String>, &'static str, Option<&'static str>);

impl Ledger {
    /// Notes that the field at `path` has failed.
    pub fn note(&self, failure: &Failure, path: Option<&QueryPathNode<'_>>, position: Pos) {
        let (fields, places) = fields_and_places(path);
        let line = (fields, failure.code().name(), failure.subject());
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.get(&line).is_some_and(|(first, _)| *first <= places) {
            return;
        }
        let error = ServerError { path: segments(path), ..failure.report(Some(position)) };
        lines.insert(line, (places, error));
    }

    /// Everything that was noted, in the order of the paths.
    #[must_use]
    pub fn close(&self) -> Vec<ServerError> {
        let mut lines: Vec<_> = self.0.lock().unwrap_or_else(PoisonError::into_inner).drain().collect();
        lines.sort_by(|(one, (its_places, _)), (other, (places, _))| (one, its_places).cmp(&(other, places)));
        lines.into_iter().map(|(_, (_, error))| error).collect()
    }
}

fn fields_and_places(path: Option<&QueryPathNode<'_>>) -> (Vec<String>, Vec<usize>) {
    let (mut fields, mut places) = (Vec::new(), Vec::new());
    for segment in segments(path) {
        match segment {
            PathSegment::Field(name) => fields.push(name),
            PathSegment::Index(place) => places.push(place),
        }
    }
    (fields, places)
}

fn segments(path: Option<&QueryPathNode<'_>>) -> Vec<PathSegment> {
    let mut segments = Vec::new();
    let mut here = path;
    while let Some(node) = here {
        segments.push(match node.segment {
            QueryPathSegment::Index(place) => PathSegment::Index(place),
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
        });
        here = node.parent;
    }
    segments.reverse();
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deny(ledger: &Ledger, place: usize, field: &str) {
        let list = QueryPathNode { parent: None, segment: QueryPathSegment::Name("nodes") };
        let item = QueryPathNode { parent: Some(&list), segment: QueryPathSegment::Index(place) };
        let field = QueryPathNode { parent: Some(&item), segment: QueryPathSegment::Name(field) };
        ledger.note(&Failure::Forbidden(policy::MONETARY_VALUE), Some(&field), Pos::default());
    }

    // A9
    #[test]
    fn failures_that_differ_in_places_only_are_one_with_the_first_path() {
        let ledger = Ledger::default();
        for (place, field) in [(10, "value"), (2, "value"), (0, "worth"), (3, "value")] {
            deny(&ledger, place, field);
        }
        let paths: Vec<Vec<PathSegment>> = ledger.close().into_iter().map(|error| error.path).collect();
        let path = |place, field: &str| {
            vec![
                PathSegment::Field("nodes".into()),
                PathSegment::Index(place),
                PathSegment::Field(field.into()),
            ]
        };
        assert_eq!(paths, [path(2, "value"), path(0, "worth")]);
    }
}
