//! Writes the rows that were not taken in, so that they can be mended and imported again.

use std::io::Write;

use csv::ByteRecord;

use super::columns::{ADDED, Column, Columns};
use super::rows::Row;
use super::take::Outcome;
use crate::domain::error::{Error, Refusal, Result};

/// Stands in the cell `occurrence` of a row that could not be read; it must be emptied, so that nobody imports such a row
/// unseen.
const UNREADABLE: &str = "?";

/// A file of rejected rows. Nothing is written before the first one.
pub(super) struct Rejects<'a> {
    writer: csv::Writer<&'a mut (dyn Write + Send)>,
    header: Option<ByteRecord>,
    kept: Vec<usize>,
    width: usize,
    has_mark: bool,
}

impl<'a> Rejects<'a> {
    /// For a file with these columns.
    pub fn new(to: &'a mut (dyn Write + Send), columns: &Columns) -> Self {
        let kept = columns.kept();
        let mut header: ByteRecord = pick(columns.header(), &kept).into_iter().collect();
        ADDED.iter().for_each(|name| header.push_field(name.as_bytes()));
        Self {
            writer: csv::WriterBuilder::new().flexible(true).from_writer(to),
            header: Some(header),
            kept,
            width: columns.len(),
            has_mark: columns.has_mark,
        }
    }

    /// Writes a row that was rejected, as it stood in the input.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write_if_rejected(&mut self, row: &Row, outcome: &Outcome) -> Result<()> {
        let Outcome::Rejected(refusals) = outcome else { return Ok(()) };
        if let Some(mut header) = self.header.take() {
            if self.has_mark {
                header = marked(&header);
            }
            self.writer.write_byte_record(&header).map_err(unwritable)?;
        }
        let mut record: ByteRecord = self.fields(&row.record).into_iter().collect();
        let occurrence = row.occurrence.map_or(UNREADABLE.to_owned(), |occurrence| occurrence.to_string());
        for field in [row.line.to_string(), columns_of(refusals), reasons_of(refusals), occurrence] {
            record.push_field(field.as_bytes());
        }
        self.writer.write_byte_record(&record).map_err(unwritable)
    }

    /// Hands everything on.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn flush(&mut self) -> Result<()> {
        self.writer.flush().map_err(unwritable)
    }

    /// As many fields as the header has: what is missing is empty, what is too much goes to the last one.
    fn fields(&self, record: &ByteRecord) -> Vec<Vec<u8>> {
        let mut fields = pick(record, &self.kept);
        let surplus: Vec<&[u8]> = record.iter().skip(self.width).collect();
        if let (Some(last), false) = (fields.last_mut(), surplus.is_empty()) {
            last.push(b',');
            last.extend(surplus.join(&b','));
        }
        fields
    }
}

fn pick(record: &ByteRecord, places: &[usize]) -> Vec<Vec<u8>> {
    places.iter().map(|place| record.get(*place).unwrap_or_default().to_vec()).collect()
}

fn marked(header: &ByteRecord) -> ByteRecord {
    let first = header.get(0).unwrap_or_default();
    let first: Vec<u8> = "\u{feff}".bytes().chain(first.iter().copied()).collect();
    std::iter::once(first.as_slice()).chain(header.iter().skip(1)).collect()
}

/// The columns to look at, each once.
fn columns_of(refusals: &[Refusal]) -> String {
    let mut columns: Vec<&str> = Vec::new();
    for column in refusals.iter().map(column_of) {
        if !column.is_empty() && !columns.contains(&column) {
            columns.push(column);
        }
    }
    columns.join(", ")
}

fn reasons_of(refusals: &[Refusal]) -> String {
    let reasons: Vec<&str> = refusals.iter().map(|refusal| refusal.message.as_ref()).collect();
    reasons.join("; ")
}

/// The column that a refusal is about; an act that refused names the field of its own input.
fn column_of(refusal: &Refusal) -> &str {
    let Some(field) = refusal.field.get(1) else { return "" };
    let column = match field.as_str() {
        "name" => Column::OpportunityName,
        "monetaryValue" => Column::LeadValue,
        "ownerId" => Column::Assigned,
        "followerIds" | "userIds" => Column::Followers,
        "lostReason" => Column::LostReason,
        "updatedAt" => Column::UpdatedOn,
        "emails" => Column::Email,
        "phones" => Column::Phone,
        "company" | "firstName" | "lastName" | "contactId" => Column::ContactName,
        "stageId" => Column::Stage,
        "pipelineId" => Column::Pipeline,
        column => return column,
    };
    column.name()
}

fn unwritable(error: impl std::fmt::Display) -> Error {
    Refusal::invalid("rejects", format!("the rejects file cannot be written: {error}")).into()
}
