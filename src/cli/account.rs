//! `retinue account`.

use clap::{Args, Subcommand, ValueEnum};
use entity::account::ContactDuplicates;
use sea_orm::ActiveEnum as _;

use super::{CliError, open};
use crate::config::Settings;
use crate::domain::account::{self, CreateAccount, SaveSettings};
use crate::domain::pipeline;
use crate::domain::user::{self, CreateUser};

#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Make an account
    Create(CreateArgs),
    /// Change an account's ownership settings
    Set(SetArgs),
}

#[derive(Debug, Args)]
pub struct CreateArgs {
    /// What people call it
    name: String,
    /// ISO 3166-1 alpha-2: how phone numbers without a country code are read
    #[arg(long, value_name = "CODE")]
    country: String,
    /// ISO 4217: the currency of every amount
    #[arg(long, value_name = "CODE")]
    currency: String,
    /// E-mail address of its first admin
    #[arg(long, value_name = "ADDRESS")]
    admin_email: Option<String>,
    /// Name of its first admin
    #[arg(long, value_name = "NAME", default_value = "Admin")]
    admin_name: String,
    /// A pipeline and its stages: `Sales: New, Qualified, Won`
    #[arg(long, value_name = "NAME: STAGE, …")]
    pipeline: Vec<String>,
}

#[derive(Debug, Args)]
pub struct SetArgs {
    /// Its name or id
    name: String,
    /// Allow different owners for contacts and its opportunities
    #[arg(long, value_name = "SWITCH")]
    separate_owners: Option<Switch>,
    /// Automatically make opportunity owner follower of contact
    #[arg(long, value_name = "SWITCH")]
    opportunity_owner_follows_contact: Option<Switch>,
    /// Automatically make contact owner follower of opportunity
    #[arg(long, value_name = "SWITCH")]
    contact_owner_follows_opportunities: Option<Switch>,
    /// Make previous owners followers when a change of owner does not say
    #[arg(long, value_name = "SWITCH")]
    previous_owner_follows: Option<Switch>,
    /// Allow a contact several open opportunities in one pipeline
    #[arg(long, value_name = "SWITCH")]
    allow_duplicate_opportunities: Option<Switch>,
    /// By what contacts are told to be the same
    #[arg(long, value_name = "WAY")]
    contact_duplicates: Option<Sameness>,
}

/// By what contacts are told to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sameness {
    Allow,
    ByEmail,
    ByPhone,
    ByEmailThenPhone,
}

impl From<Sameness> for ContactDuplicates {
    fn from(sameness: Sameness) -> Self {
        match sameness {
            Sameness::Allow => Self::Allow,
            Sameness::ByEmail => Self::ByEmail,
            Sameness::ByPhone => Self::ByPhone,
            Sameness::ByEmailThenPhone => Self::ByEmailThenPhone,
        }
    }
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

impl Switch {
    /// True when on.
    #[must_use]
    pub const fn is_on(self) -> bool {
        matches!(self, Switch::On)
    }
}

pub async fn run(settings: &Settings, command: &AccountCommand) -> Result<(), CliError> {
    match command {
        AccountCommand::Create(args) => create(settings, args).await,
        AccountCommand::Set(args) => set(settings, args).await,
    }
}

async fn create(settings: &Settings, args: &CreateArgs) -> Result<(), CliError> {
    let pipelines = args.pipeline.iter().map(|text| parse_pipeline(text)).collect::<Result<Vec<_>, _>>()?;
    let (base, _) = open::base(settings).await?;
    let wish = CreateAccount {
        name: args.name.clone(),
        country: args.country.clone(),
        currency: args.currency.clone(),
    };
    let access = account::create(&base, &wish).await?;
    println!("account {} {}", access.account().id, access.account().name);

    if let Some(email) = &args.admin_email {
        let admin =
            CreateUser { role: entity::user::Role::Admin, ..CreateUser::new(&args.admin_name, email) };
        println!("admin {} {email}", user::create(&access, &admin).await?);
    }
    for (name, stages) in pipelines {
        let unit = access.begin().await?;
        let (pipeline, _) = pipeline::ensure(&unit, &name, &stages).await?;
        unit.commit().await?;
        println!("pipeline {} {}", pipeline.id, pipeline.name);
    }
    Ok(())
}

fn parse_pipeline(text: &str) -> Result<(String, Vec<String>), CliError> {
    let wrong = || CliError::Usage(format!("`{text}` is not a pipeline: write `Sales: New, Qualified, Won`"));
    let (name, stages) = text.split_once(':').ok_or_else(wrong)?;
    let stages: Vec<String> =
        stages.split(',').map(|stage| stage.trim().to_owned()).filter(|stage| !stage.is_empty()).collect();
    if stages.is_empty() { Err(wrong()) } else { Ok((name.trim().to_owned(), stages)) }
}

async fn set(settings: &Settings, args: &SetArgs) -> Result<(), CliError> {
    let (base, _) = open::base(settings).await?;
    let access = open::account(&base, Some(&args.name)).await?;
    let wish = SaveSettings {
        separate_owners: args.separate_owners.map(Switch::is_on),
        opportunity_owner_follows_contact: args.opportunity_owner_follows_contact.map(Switch::is_on),
        contact_owner_follows_opportunities: args.contact_owner_follows_opportunities.map(Switch::is_on),
        previous_owner_follows: args.previous_owner_follows.map(Switch::is_on),
        allow_duplicate_opportunities: args.allow_duplicate_opportunities.map(Switch::is_on),
        contact_duplicates: args.contact_duplicates.map(ContactDuplicates::from),
        expected_version: access.account().version,
    };
    account::save_settings(&access, &wish).await?;
    let account = open::account(&base, Some(&args.name)).await?.account().clone();
    println!("separate owners: {}", account.separate_owners);
    println!("opportunity owner follows contact: {}", account.opportunity_owner_follows_contact);
    println!("contact owner follows opportunities: {}", account.contact_owner_follows_opportunities);
    println!("previous owner follows: {}", account.previous_owner_follows);
    println!("allow duplicate opportunities: {}", account.allow_duplicate_opportunities);
    println!("contact duplicates: {}", account.contact_duplicates.to_value());
    Ok(())
}
