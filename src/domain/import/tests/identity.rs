//! By what a row is known again, and what of it may change.

use super::world::{World, file};

#[tokio::test]
async fn every_cell_that_a_row_is_known_by_makes_it_another() {
    let world = World::separate().await;
    let base = [("phone", "+493012345678"), ("email", "ann@acme.example"), ("assigned", "Ann Lee")];
    assert_eq!(world.import_people(&file(&[&base])).await.counts(), [1, 1, 0, 0, 0]);
    for (column, text) in [
        ("pipeline", "Other"),
        ("Contact Name", "Other"),
        ("phone", "+493012345679"),
        ("email", "bob@acme.example"),
        ("Opportunity name", "Other"),
        ("Created on", "2020-01-02"),
        ("assigned", "Bob Ray"),
    ] {
        // The first of two cells of one column counts.
        let other = [&[(column, text)], &base[..]].concat();
        assert_eq!(world.import_people(&file(&[&other])).await.counts(), [1, 1, 0, 0, 0], "{column}");
    }
    // Case, spacing and the way a date is written aside.
    let same = [("Created on", "2020-01-01 09:00"), ("Opportunity name", " DEAL")];
    assert_eq!(world.import_people(&file(&[&[&same, &base[..]].concat()])).await.counts(), [1, 0, 1, 0, 0]);
}

#[tokio::test]
async fn every_cell_that_is_carried_over_is_a_change() {
    let world = World::separate().await;
    let mut row = vec![("status", "lost")];
    assert_eq!(world.import_people(&file(&[&row])).await.counts(), [1, 1, 0, 0, 0]);
    for cell in [
        ("Lead Value", "7"),
        ("stage", "Other"),
        ("lost reason name", "price"),
        ("source", "fair"),
        ("Followers", "Ann Lee"),
        ("tags", "vip"),
    ] {
        row.push(cell);
        assert_eq!(world.import_people(&file(&[&row])).await.counts(), [1, 0, 0, 1, 0], "{cell:?}");
        assert_eq!(world.import_people(&file(&[&row])).await.counts(), [1, 0, 1, 0, 0], "{cell:?}");
    }
    let won = [("status", "won"), ("lost reason name", "")];
    assert_eq!(world.import_people(&file(&[&[&won[..], &row].concat()])).await.counts(), [1, 0, 0, 1, 0]);
    assert_eq!(world.opportunities().await[0].lost_reason, None);
}
