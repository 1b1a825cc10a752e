//! What a document asks for, in numbers.

use async_graphql_parser::types::Field;

/// The measure of a checked document, for logs and for the `extensions` of its response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Bytes of the source.
    pub bytes: usize,
    /// Lexemes of the source.
    pub tokens: usize,
    /// Operations and fragments.
    pub definitions: usize,
    /// Fields within each other in the deepest operation, introspection left out.
    pub depth: usize,
    /// Fields within each other, from `__schema` or `__type` down.
    pub introspection_depth: usize,
    /// Fields of all operations, fragments unfolded; saturating.
    pub fields: usize,
    /// Fields with an alias, likewise.
    pub aliases: usize,
    /// Argument values and directives, likewise.
    pub inputs: usize,
}

/// What a selection set asks for with its fragments unfolded.
///
/// Nothing in it depends on where the set stands, which is why a fragment needs counting only once.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    /// Selection sets within each other, this one included.
    pub nesting: usize,
    pub depth: usize,
    pub introspection_depth: usize,
    /// Lists of introspection within each other, if this set should turn out to stand in introspection.
    pub lists: usize,
    pub introspection_lists: usize,
    pub fields: usize,
    pub aliases: usize,
    pub inputs: usize,
}

impl Tally {
    /// Two selections of the same set: what is deep does not add up, what is many does.
    pub fn beside(self, other: Self) -> Self {
        Self {
            nesting: self.nesting.max(other.nesting),
            depth: self.depth.max(other.depth),
            introspection_depth: self.introspection_depth.max(other.introspection_depth),
            lists: self.lists.max(other.lists),
            introspection_lists: self.introspection_lists.max(other.introspection_lists),
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            inputs: self.inputs.saturating_add(other.inputs),
        }
    }

    /// This selection, with its own arguments and directives.
    pub fn with_inputs(self, inputs: usize) -> Self {
        Self { inputs: self.inputs.saturating_add(inputs), ..self }
    }

    /// These selections, as a set.
    pub fn as_set(self) -> Self {
        Self { nesting: self.nesting.saturating_add(1), ..self }
    }

    /// This set, selected from `field`.
    pub fn of(self, field: &Field) -> Self {
        let counted = Self {
            fields: self.fields.saturating_add(1),
            aliases: self.aliases.saturating_add(usize::from(field.alias.is_some())),
            ..self
        };
        if begins_introspection(field) { counted.introspected() } else { counted.deepened(field) }
    }

    fn deepened(self, field: &Field) -> Self {
        Self {
            depth: self.depth.saturating_add(1),
            lists: self.lists.saturating_add(usize::from(is_introspection_list(field))),
            ..self
        }
    }

    // Adding both depths is only for documents that no schema accepts, introspection within introspection: it leaves
    // no way to start the budget anew.
    fn introspected(self) -> Self {
        Self {
            depth: 0,
            introspection_depth: self.depth.saturating_add(self.introspection_depth).saturating_add(1),
            lists: 0,
            introspection_lists: self.lists.saturating_add(self.introspection_lists),
            ..self
        }
    }
}

fn begins_introspection(field: &Field) -> bool {
    matches!(field.name.node.as_str(), "__schema" | "__type")
}

// The lists by which one type leads to others, as in graphql-js' `MaxIntrospectionDepthRule`.
fn is_introspection_list(field: &Field) -> bool {
    matches!(field.name.node.as_str(), "fields" | "interfaces" | "possibleTypes" | "inputFields")
}
