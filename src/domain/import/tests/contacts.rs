//! Whom a row means by its contact (R3), and what becomes of the tags.

use super::world::{World, file};
use crate::domain::contact::{self, ContactFields, CreateContact};
use crate::domain::import::Options;
use crate::domain::patch::Patch;

async fn contact(world: &World, name: &str, email: Option<&str>, phone: Option<&str>, tags: &[&str]) {
    let list = |text: Option<&str>| text.map_or(Patch::Keep, |text| Patch::Set(vec![text.to_owned()]));
    let fields = ContactFields {
        company: Patch::Set(name.into()),
        emails: list(email),
        phones: list(phone),
        tags: Patch::Set(tags.iter().map(|tag| (*tag).to_owned()).collect()),
        ..ContactFields::default()
    };
    contact::create(&world.access, &CreateContact { fields, ..CreateContact::default() }).await.unwrap();
}

// R3
#[tokio::test]
async fn a_contact_is_known_by_email_then_phone_then_name() {
    let world = World::new().await;
    contact(&world, "Mail", Some("Ann@Acme.example"), Some("+493012345678"), &[]).await;
    contact(&world, "Phone", None, Some("+493087654321"), &[]).await;
    contact(&world, "Name", None, None, &[]).await;
    let rows = file(&[
        &[("Contact Name", "Name"), ("email", "ANN@acme.EXAMPLE"), ("phone", "030 87654321")],
        &[("Contact Name", "Name"), ("email", "new@acme.example"), ("phone", "030 87654321")],
        &[("Contact Name", " nAME ")],
        &[("Contact Name", ""), ("email", "ann@acme.example")],
    ]);
    let imported = world.import(&rows).await;
    assert_eq!((imported.counts(), imported.summary.contacts_created), ([4, 4, 0, 0, 0], 0));
    let ids: Vec<_> = world.contacts().await.iter().map(|row| row.id).collect();
    let of: Vec<_> = world.opportunities().await.iter().map(|row| row.contact_id).collect();
    assert_eq!(of, [ids[0], ids[1], ids[2], ids[0]]);
}

#[tokio::test]
async fn a_contact_that_the_run_made_is_known_in_the_same_batch_and_in_the_next() {
    let world = World::new().await;
    let rows = file(&[
        &[("Contact Name", "Ann Lee"), ("email", "ann.lee@acme.example")],
        &[("Contact Name", "ann lee"), ("Opportunity name", "Two")],
        &[("Contact Name", "Genco Pura"), ("email", "sales@genco.example"), ("phone", "030 12345678")],
        &[("Contact Name", ""), ("phone", "+49 30 12345678")],
    ]);
    for (batch_rows, created) in [(100, 2), (1, 0)] {
        let world = if created == 0 { &World::new().await } else { &world };
        let options = Options { batch_rows, ..Options::default() };
        let imported = world.import_with(&rows, &options).await.unwrap();
        assert_eq!((imported.counts(), imported.summary.contacts_created), ([4, 4, 0, 0, 0], 2));
    }
    // One text for a name: a person where the e-mail says so, else a company.
    let contacts = world.contacts().await;
    assert_eq!(
        (contacts[0].first_name.as_deref(), contacts[0].last_name.as_deref()),
        (Some("Ann"), Some("Lee"))
    );
    assert_eq!(
        (contacts[1].first_name.as_deref(), contacts[1].company.as_deref()),
        (None, Some("Genco Pura"))
    );
    assert_eq!(contacts[1].name_key, "genco pura");
}

#[tokio::test]
async fn two_contacts_whom_nothing_tells_apart_are_ambiguous() {
    let world = World::new().await;
    contact(&world, "Twin", Some("one@acme.example"), None, &[]).await;
    contact(&world, "Twin", Some("two@acme.example"), None, &[]).await;
    contact(&world, "Office A", Some("office@acme.example"), None, &[]).await;
    contact(&world, "Office B", Some("office@acme.example"), None, &[]).await;
    let rows = file(&[
        &[("Contact Name", "Twin")],
        &[("Contact Name", "Twin"), ("email", "two@acme.example")],
        &[("Contact Name", "Office B"), ("email", "office@acme.example")],
        &[("Contact Name", "Other"), ("email", "office@acme.example")],
        // Another address is another person.
        &[("Contact Name", "Twin"), ("email", "three@acme.example")],
    ]);
    let imported = world.import(&rows).await;
    assert_eq!((imported.counts(), imported.summary.contacts_created), ([5, 3, 0, 0, 2], 1));
    assert_eq!(imported.rejected("column"), ["Contact Name", "email"]);
    assert!(imported.rejected("reason").iter().all(|reason| reason.starts_with("ambiguous")));
    let ids: Vec<_> = world.contacts().await.iter().map(|row| row.id).collect();
    let of: Vec<_> = world.opportunities().await.iter().map(|row| row.contact_id).collect();
    assert_eq!(of, [ids[1], ids[3], ids[4]]);
}

#[tokio::test]
async fn a_row_without_a_contact_is_rejected() {
    let world = World::new().await;
    let imported = world.import(&file(&[&[("Contact Name", " ")]])).await;
    assert_eq!(imported.rejected("column"), ["Contact Name"]);
    assert!(imported.rejected("reason")[0].starts_with("no contact"));
    assert_eq!((imported.summary.rejected, world.contacts().await.len()), (1, 0));
}

#[tokio::test]
async fn tags_go_to_the_contact_beside_those_that_it_has() {
    let world = World::new().await;
    contact(&world, "Acme", None, None, &["VIP"]).await;
    let rows = file(&[
        &[("tags", "vip, retail"), ("Opportunity name", "One")],
        &[("tags", "Retail,medical"), ("Opportunity name", "Two")],
        &[("Contact Name", "New"), ("tags", "fresh")],
    ]);
    let imported = world.import(&rows).await;
    assert_eq!((imported.summary.contacts_created, imported.summary.contacts_updated), (1, 2));
    assert_eq!(world.tags().await, ["fresh", "medical", "retail", "VIP"]);
    // Both changes raised its version (R6).
    assert_eq!(world.contacts().await[0].version, 3);

    let many: Vec<String> = (0..18).map(|number| format!("tag{number}")).collect();
    let refused = world.import(&file(&[&[("tags", &many.join(",")), ("Opportunity name", "Three")]])).await;
    assert_eq!(refused.rejected("column"), ["tags"]);
    assert_eq!(world.tags().await.len(), 4);
}
