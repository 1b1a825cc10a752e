//! The pass over the raw text that makes parsing it safe.

use async_graphql_parser::Pos;

use crate::{
    bounds,
    lexeme::{Lexeme, Lexemes},
    limits::Limits,
    refusal::{Kind, Refusal},
};

/// Counts the tokens of a source that is within the limits on bytes, tokens and bracket depth.
pub(crate) fn count_tokens(source: &str, limits: &Limits) -> Result<usize, Refusal> {
    bounds::bytes(limits).hold(source.len())?;
    let scan = Scan::of(source)?;
    bounds::tokens(limits).hold(scan.tokens)?;
    bounds::brackets(limits)
        .hold(scan.depth)
        .map_err(|refusal| refusal.at(position(source, scan.deepest)))?;
    Ok(scan.tokens)
}

#[derive(Default)]
struct Scan {
    tokens: usize,
    depth: usize,
    /// The byte offset of the first bracket at `depth`.
    deepest: usize,
}

impl Scan {
    // One counter serves all kinds of bracket: the parser cannot pass a closing bracket that does not match, so what
    // it descends into is never deeper than what is counted here.
    fn of(source: &str) -> Result<Self, Refusal> {
        let mut scan = Self::default();
        let mut depth = 0_usize;
        for lexeme in Lexemes::of(source) {
            let (offset, lexeme) = lexeme.map_err(|string| unterminated(position(source, string.offset)))?;
            scan.tokens += 1;
            match lexeme {
                Lexeme::Open => depth += 1,
                Lexeme::Close => depth = depth.saturating_sub(1),
                Lexeme::Other => {}
            }
            if depth > scan.depth {
                scan.depth = depth;
                scan.deepest = offset;
            }
        }
        Ok(scan)
    }
}

fn unterminated(at: Pos) -> Refusal {
    let message =
        format!("the string at line {}, column {} does not end: close its quotes", at.line, at.column);
    Refusal::new(Kind::ParseFailed, message).at(at)
}

// Counted as the parser counts, so that positions of both agree: only a line feed begins a line, columns are characters.
fn position(source: &str, offset: usize) -> Pos {
    let before = &source[..offset];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit(['\n', '\r']).next().unwrap_or(before).chars().count() + 1;
    Pos { line, column }
}
