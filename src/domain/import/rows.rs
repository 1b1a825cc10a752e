//! The rows of the file, one after the other.

use std::io::{Read, Seek, SeekFrom};

use csv::ByteRecord;
use entity::account;

use super::cells::Cells;
use super::columns::{Column, Columns};
use super::deal::{Deal, refuse};
use super::identity::{self, Carried, Occurrence, Occurrences};
use super::unreadable;
use crate::domain::error::{Error, Refusal, Result};

/// What some programs write before the first column.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// One row, as read.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Where it begins in the file.
    pub line: u64,
    /// As it stands there.
    pub record: ByteRecord,
    /// Which row it is; none when that cannot be told.
    pub occurrence: Option<Occurrence>,
    /// What it says, or why it cannot be read.
    pub deal: std::result::Result<Deal, Vec<Refusal>>,
}

/// Reads rows.
pub(super) struct Rows<'a, F: Read> {
    reader: csv::Reader<&'a mut F>,
    columns: Columns,
    account: &'a account::Model,
    occurrences: Occurrences,
    lag: u64,
}

impl<'a, F: Read + Seek> Rows<'a, F> {
    /// Begins at the head of the file.
    ///
    /// # Errors
    /// A file that cannot be read, or lacks columns.
    pub fn open(file: &'a mut F, account: &'a account::Model) -> Result<Self> {
        let has_mark = begins_with_mark(file).map_err(unreadable)?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
        let columns = Columns::of(reader.byte_headers().map_err(unreadable)?, has_mark)?;
        // Where lines end in CR LF, the reader takes the LF, and counts the line, with the record that follows.
        let lines = 1 + columns.header().as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        let lag = u64::from(reader.position().line() == lines);
        Ok(Self { reader, columns, account, occurrences: Occurrences::default(), lag })
    }
}

impl<F: Read> Rows<'_, F> {
    /// The header.
    pub const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The next rows, fewer at the end.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn take(&mut self, count: usize) -> Result<Vec<Row>> {
        let mut rows = Vec::with_capacity(count);
        while rows.len() < count
            && let Some(row) = self.next()?
        {
            rows.push(row);
        }
        Ok(rows)
    }

    /// The next row.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn next(&mut self) -> Result<Option<Row>> {
        let mut record = ByteRecord::new();
        if !self.reader.read_byte_record(&mut record).map_err(unreadable)? {
            return Ok(None);
        }
        let line = record.position().map_or(0, csv::Position::line) + self.lag;
        let (occurrence, deal) = self.read(&record);
        let deal = match deal {
            Ok(deal) => Ok(deal),
            Err(Error::Refused(refusals)) => Err(refusals),
            Err(broken) => return Err(broken),
        };
        Ok(Some(Row { line, record, occurrence, deal }))
    }

    fn read(&mut self, record: &ByteRecord) -> (Option<Occurrence>, Result<Deal>) {
        let cells = match Cells::of(&self.columns, record) {
            Ok(cells) => cells,
            Err(problem) => return (None, Err(Refusal::invalid("", problem).into())),
        };
        let carried = match cells.given(Column::Occurrence).map(str::parse::<Carried>).transpose() {
            Ok(carried) => carried,
            // What could not be read before may not slip through because its fields happen to fit now.
            Err(()) => {
                let message = "the row could not be read before: mend it, then empty this cell";
                return (None, Err(refuse(Column::Occurrence, message)));
            }
        };
        let Some(occurrence) = self.occurrences.place(identity::key(&cells), carried) else {
            let message = "this very row stands in the file twice: take one out";
            return (None, Err(refuse(Column::Occurrence, message)));
        };
        (Some(occurrence), Deal::of(&cells, self.account))
    }
}

fn begins_with_mark<F: Read + Seek>(file: &mut F) -> std::io::Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    file.by_ref().take(MARK.len() as u64).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(head == MARK)
}
