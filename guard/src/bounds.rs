//! What each limit means and what the caller hears when a document is over it.

use crate::{
    limits::Limits,
    measure::Tally,
    refusal::{Kind, Refusal},
};

/// Holds the tally of a document to every limit on it.
pub(crate) fn hold(limits: &Limits, tally: &Tally) -> Result<(), Refusal> {
    depth(limits).hold(tally.depth)?;
    introspection_depth(limits).hold(tally.introspection_depth)?;
    introspection_lists(limits).hold(tally.introspection_lists)?;
    fields(limits).hold(tally.fields)?;
    aliases(limits).hold(tally.aliases)?;
    inputs(limits).hold(tally.inputs)
}

/// A quantity that has a limit, and what the caller hears when it is over it.
pub(crate) struct Bound {
    pub kind: Kind,
    pub limit: usize,
    /// The sentence up to the number: `the document selects`.
    pub subject: &'static str,
    /// What is counted: `fields`.
    pub unit: &'static str,
    /// What to do next.
    pub remedy: &'static str,
}

impl Bound {
    pub fn hold(&self, actual: usize) -> Result<(), Refusal> {
        if actual <= self.limit {
            return Ok(());
        }
        let Self { kind, limit, subject, unit, remedy } = self;
        let actual = amount(actual);
        let message = format!("{subject} {actual} {unit}, and at most {limit} are accepted: {remedy}");
        Err(Refusal::new(*kind, message))
    }
}

fn amount(actual: usize) -> String {
    match actual {
        usize::MAX => "uncountably many".to_owned(),
        actual => actual.to_string(),
    }
}

pub(crate) const fn bytes(limits: &Limits) -> Bound {
    Bound {
        kind: Kind::TooLarge,
        limit: limits.bytes,
        subject: "the document has",
        unit: "bytes",
        remedy: "send values as variables, or split it into several requests",
    }
}

pub(crate) const fn tokens(limits: &Limits) -> Bound {
    Bound {
        kind: Kind::TooLarge,
        limit: limits.tokens,
        subject: "the document has",
        unit: "tokens",
        remedy: "send values as variables, or split it into several requests",
    }
}

pub(crate) const fn brackets(limits: &Limits) -> Bound {
    Bound {
        kind: Kind::TooDeep,
        limit: limits.bracket_depth,
        subject: "the document nests",
        unit: "brackets",
        remedy: "select less at once, or send nested values as variables",
    }
}

pub(crate) const fn definitions(limits: &Limits) -> Bound {
    Bound {
        kind: Kind::TooComplex,
        limit: limits.definitions,
        subject: "the document has",
        unit: "operations and fragments",
        remedy: "split it into several requests",
    }
}

const fn depth(limits: &Limits) -> Bound {
    Bound {
        kind: Kind::TooDeep,
        limit: limits.depth,
        subject: "the selection is",
        unit: "fields deep",
        remedy: "select the deeper fields in a request of their own",
    }
}

const fn introspection_depth(limits: &Limits) -> Bound {
    Bound {
        kind: Kind::TooDeep,
        limit: limits.introspection_depth,
        subject: "the introspection is",
        unit: "fields deep",
        remedy: "select `ofType` fewer times",
    }
}

const fn introspection_lists(limits: &Limits) -> Bound {
    Bound {
        kind: Kind::TooComplex,
        limit: limits.introspection_lists,
        subject: "the introspection nests",
        unit: "lists of fields or types",
        remedy: "ask for the inner types by name with `__type`",
    }
}

const fn fields(limits: &Limits) -> Bound {
    Bound {
        kind: Kind::TooComplex,
        limit: limits.fields,
        subject: "the document selects",
        unit: "fields with its fragments unfolded",
        remedy: "split it into several requests",
    }
}

const fn aliases(limits: &Limits) -> Bound {
    Bound {
        kind: Kind::TooComplex,
        limit: limits.aliases,
        subject: "the document selects",
        unit: "aliased fields with its fragments unfolded",
        remedy: "split it into several requests",
    }
}

const fn inputs(limits: &Limits) -> Bound {
    Bound {
        kind: Kind::TooComplex,
        limit: limits.inputs,
        subject: "the document gives",
        unit: "argument values and directives with its fragments unfolded",
        remedy: "send lists as variables, or spread the fragment less often",
    }
}
