//! How much a document may ask for.

/// The bounds of a document. A value equal to its limit is accepted.
///
/// | limit | default | counts | why this much |
/// | --- | --- | --- | --- |
/// | `bytes` | 65,536 | the source, as sent | 30 times GraphiQL's introspection, the longest query in daily use |
/// | `tokens` | 4,096 | lexemes; not commas, blanks and comments | the parser's tree grows with tokens, not bytes |
/// | `bracket_depth` | 64 | `{`, `[` and `(` together, outside strings and comments | see below |
/// | `definitions` | 64 | operations and fragments | a page of components, a fragment each |
/// | `nesting` | 32 | selection sets within each other, fragments counted | the engine's own default, which it enforces by unfolding |
/// | `depth` | 12 | fields within each other, fragments not counted | three connections (`edges { node { … } }`) and a leaf, with two to spare |
/// | `introspection_depth` | 15 | the same, from `__schema` or `__type` down | exactly what GraphiQL asks for |
/// | `introspection_lists` | 2 | `fields`, `interfaces`, `possibleTypes`, `inputFields` within each other | each multiplies the answer by the size of the schema; GraphiQL needs 1 |
/// | `fields` | 1,000 | fields of all operations, fragments unfolded | four times GraphiQL's introspection |
/// | `aliases` | 50 | fields with an alias, likewise | a dashboard of counts; each alias is a resolver run again |
/// | `inputs` | 10,000 | argument values and directives, likewise, the content of lists and objects included | only fragments unfolded many times reach it: without them, `tokens` is less |
///
/// `bracket_depth` is what keeps the parser from overflowing the stack, so it is a constant of the build rather than a
/// taste: 64 levels take less than 768 KiB of stack in a debug build and 192 KiB in a release build, of the 2 MiB that
/// a thread has. Measure again before raising it, and likewise `nesting`, which bounds the recursion of the guard itself.
///
/// Fields and aliases are summed over all operations of a document, not only the one that will run: the engine
/// validates them all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the source.
    pub bytes: usize,
    /// Lexemes of the source.
    pub tokens: usize,
    /// Brackets of all kinds within each other.
    pub bracket_depth: usize,
    /// Operations and fragments.
    pub definitions: usize,
    /// Selection sets within each other, those of fragments and inline fragments included.
    pub nesting: usize,
    /// Fields within each other, outside introspection.
    pub depth: usize,
    /// Fields within each other, from `__schema` or `__type` down.
    pub introspection_depth: usize,
    /// Lists of introspection within each other.
    pub introspection_lists: usize,
    /// Fields, fragments unfolded.
    pub fields: usize,
    /// Fields with an alias, fragments unfolded.
    pub aliases: usize,
    /// Argument values and directives, fragments unfolded.
    pub inputs: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 65_536,
            tokens: 4_096,
            bracket_depth: 64,
            definitions: 64,
            nesting: 32,
            depth: 12,
            introspection_depth: 15,
            introspection_lists: 2,
            fields: 1_000,
            aliases: 50,
            inputs: 10_000,
        }
    }
}
