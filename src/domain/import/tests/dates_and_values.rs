//! Numbers, dates, status and reasons (R1, R2).

use entity::Timestamp;
use entity::opportunity::Status;

use super::world::{NOW, World, file};

// R2
#[tokio::test]
async fn a_value_is_exact_and_a_bad_number_is_rejected() {
    let world = World::new().await;
    let imported = world
        .import(&file(&[
            &[("Lead Value", "1054.05")],
            &[("Lead Value", "")],
            &[("Lead Value", "1,054")],
            &[("Lead Value", "12.345")],
            &[("Lead Value", "-1")],
        ]))
        .await;
    assert_eq!(imported.counts(), [5, 2, 0, 0, 3]);
    let values: Vec<_> = world.opportunities().await.iter().map(|row| row.value_minor).collect();
    assert_eq!(values, [Some(105_405), None]);
    assert_eq!(imported.rejected("column"), ["Lead Value"; 3]);
    assert_eq!(imported.rejected("line"), ["4", "5", "6"]);
    assert!(imported.rejected("reason")[0].starts_with("bad number `1,054`"));
    assert_eq!(imported.rejected("Lead Value"), ["1,054", "12.345", "-1"]);
}

#[tokio::test]
async fn dates_are_kept_and_what_has_none_was_made_now() {
    let world = World::new().await;
    let imported = world
        .import(&file(&[
            &[("Created on", "2016-10-20T09:00:00.000Z"), ("Updated on", "2017-03-01")],
            &[("Created on", "2016-10-20T09:00:00.000Z")],
            &[("Created on", ""), ("Updated on", "2017-03-01")],
            &[("Created on", "")],
            &[("Created on", "20.10.2016")],
            &[("Created on", "2017-03-01"), ("Updated on", "2016-03-01")],
        ]))
        .await;
    let (october, march) = (Timestamp(1_476_954_000_000_000), Timestamp(1_488_326_400_000_000));
    let dates: Vec<_> =
        world.opportunities().await.iter().map(|row| (row.created_at, row.updated_at)).collect();
    assert_eq!(dates, [(october, march), (october, october), (march, march), (NOW, NOW)]);
    assert_eq!(imported.rejected("column"), ["Created on", "Updated on"]);
}

// R1
#[tokio::test]
async fn status_is_independent_of_stage_and_only_the_lost_have_a_reason() {
    let world = World::new().await;
    let imported = world
        .import(&file(&[
            &[("stage", "Won"), ("status", "Open")],
            &[("status", "")],
            &[("status", "LOST"), ("lost reason name", "price")],
            &[("status", "abandoned")],
            &[("status", "won"), ("lost reason name", "price")],
            &[("status", "pending")],
        ]))
        .await;
    let rows = world.opportunities().await;
    let statuses: Vec<_> = rows.iter().map(|row| row.status).collect();
    assert_eq!(statuses, [Status::Open, Status::Open, Status::Lost, Status::Abandoned]);
    assert_eq!(rows[2].lost_reason.as_deref(), Some("price"));
    assert_eq!(imported.rejected("column"), ["lost reason name", "status"]);
}

#[tokio::test]
async fn everything_wrong_with_a_row_is_told_together_and_its_line_breaks_stay() {
    let world = World::new().await;
    let long = "x".repeat(20_001);
    let imported = world
        .import(&file(&[
            &[("Notes", "first line\r\nsecond, \"quoted\" line"), ("Lead Value", "much")],
            &[("Notes", &long), ("Opportunity name", "Long")],
            &[("Opportunity name", "=cmd()")],
            &[("Opportunity name", ""), ("stage", ""), ("email", "nobody"), ("phone", "12")],
        ]))
        .await;
    assert_eq!(imported.counts(), [4, 1, 0, 0, 3]);
    assert_eq!(world.opportunities().await[0].name, "=cmd()");
    assert_eq!(imported.rejected("Notes")[0], "first line\r\nsecond, \"quoted\" line");
    assert_eq!(imported.rejected("column"), ["Lead Value", "Notes", "stage, email, phone, Opportunity name"]);
    assert_eq!(imported.rejected("reason")[1], "at most 20000 characters fit here");
    assert_eq!(imported.rejected("line"), ["2", "4", "6"]);
}
