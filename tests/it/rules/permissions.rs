//! What people hold (P1 to P5).

use entity::user::Role;
use policy::Permission::{self, ChangeOwners, EditContacts, ViewContacts};
use policy::Permissions;
use retinue::domain::error::RefusalKind;
use retinue::domain::user::SetUser;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

// P1
#[test]
fn these_permissions_exist() {
    let names: Vec<&str> = Permission::ALL.iter().map(|permission| permission.name()).collect();
    let listed = "VIEW_CONTACTS EDIT_CONTACTS DELETE_CONTACTS VIEW_OPPORTUNITIES EDIT_OPPORTUNITIES \
                  DELETE_OPPORTUNITIES VIEW_LEAD_VALUE CHANGE_OWNERS BULK_ACTIONS IMPORT_EXPORT VIEW_CALENDARS \
                  MANAGE_APPOINTMENTS MANAGE_CALENDARS MANAGE_PIPELINES MANAGE_AUTOMATION MANAGE_SETTINGS \
                  MANAGE_USERS VIEW_AUDIT_LOG";
    assert_eq!(names, listed.split(' ').collect::<Vec<_>>());
    for name in names {
        assert_eq!(Permission::from_name(name).map(Permission::name), Some(name));
    }
}

// P2
#[rstest]
#[tokio::test]
async fn an_admin_holds_them_all_and_a_new_user_the_usual_ones(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let admin = world.user("Admin").admin().holding([]).create().await;
    let user = world.user("User").create().await;
    let held = |bits| Permissions::from_bits(bits).iter().map(Permission::name).collect::<Vec<_>>();
    assert_eq!(admin.row().await.effective_permissions, Permissions::ALL.bits());
    assert_eq!(
        held(user.row().await.effective_permissions),
        [
            "VIEW_CONTACTS",
            "EDIT_CONTACTS",
            "VIEW_OPPORTUNITIES",
            "EDIT_OPPORTUNITIES",
            "VIEW_LEAD_VALUE",
            "BULK_ACTIONS",
            "VIEW_CALENDARS",
            "MANAGE_APPOINTMENTS",
        ]
    );
}

// P2
#[rstest]
#[tokio::test]
async fn who_is_no_admin_any_more_holds_what_was_granted_before(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    world.user("Another admin").admin().create().await;
    let person = world.user("Person").holding([ViewContacts]).restricted().create().await;
    person.becomes(SetUser { role: Some(Role::Admin), ..Default::default() }).await;
    assert!(!person.access().await.actor().restricted, "admins are never restricted");
    person.becomes(SetUser { role: Some(Role::User), ..Default::default() }).await;
    let actor = person.access().await.actor().clone();
    assert_eq!((actor.permissions.bits(), actor.restricted), (ViewContacts.bit(), true));
}

// P3
#[rstest]
#[tokio::test]
async fn without_view_the_module_is_off_even_for_ones_own(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").lacking([ViewContacts]).also_holding([ChangeOwners]).create().await;
    let owned = world.contact().owned_by(&person).create().await;
    let followed = world.contact().followed_by(&person).create().await;
    let deal = world.opportunity(&owned).owned_by(&person).create().await;

    assert_eq!(person.contacts().await, []);
    for contact in [&owned, &followed] {
        assert!(!person.sees(contact).await);
        assert_eq!(world.refusal(person.renames(contact, "X")).await, RefusalKind::NotFound);
        assert_eq!(world.refusal(person.clears_owner_of(contact)).await, RefusalKind::NotFound);
        assert_eq!(world.refusal(person.removes([&person], contact)).await, RefusalKind::NotFound);
    }
    assert_eq!(person.opportunities().await, [deal.id]);
}

// P4
#[rstest]
#[tokio::test]
async fn a_change_of_rights_counts_for_the_next_request(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let person = world.user("Person").create().await;
    let contact = world.contact().create().await;
    let known = world.settings().await.access_version;
    person.loses(EditContacts).await;
    let kind = world.refusal(person.renames(&contact, "X")).await;
    assert_eq!(kind, RefusalKind::PermissionDenied { permission: Some(EditContacts) });
    person.is_granted(EditContacts).await;
    person.renames(&contact, "X").await.expect("it is theirs again");
    assert_eq!(world.settings().await.access_version, known + 2, "caches are told of both");
}

// P5
#[rstest]
#[tokio::test]
async fn the_last_active_admin_stays(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [first, second] =
        [world.user("First").admin().create().await, world.user("Second").admin().create().await];
    second.leaves().await;
    let access = world.command_line().access().await;
    for wish in [
        SetUser { active: Some(false), ..Default::default() },
        SetUser { role: Some(Role::User), ..Default::default() },
    ] {
        let kind = world.refusal(retinue::domain::user::set(&access, first.id, &wish)).await;
        assert_eq!(kind, RefusalKind::InvalidInput);
    }
    second.returns().await;
    first.leaves().await;
    assert!(!first.row().await.active);
    assert_eq!(first.row().await.effective_permissions, 0);
}

// P2, O8: an e-mail is one person's, whatever its case, and only in this account.
#[rstest]
#[tokio::test]
async fn an_address_belongs_to_one_person(#[values(Sqlite, Postgres)] on: Kind) {
    use retinue::domain::user::{CreateUser, create};
    let Some(world) = World::on(on).await else { return };
    let access = world.command_line().access().await;
    create(&access, &CreateUser::new("Ada", "Ada@Example.com")).await.expect("the first one");
    let refusal = world.refused(create(&access, &CreateUser::new("Bea", "ada@example.COM"))).await;
    assert_eq!(
        (refusal.kind, refusal.field),
        (RefusalKind::InvalidInput, vec!["input".into(), "email".into()])
    );
    let other = world.beside().await.command_line().access().await;
    create(&other, &CreateUser::new("Ada", "ada@example.com")).await.expect("another account");
}
