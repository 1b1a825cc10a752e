//! `retinue user`.

use ::policy::{Permission, Permissions};
use clap::{Args, Subcommand, ValueEnum};
use entity::user::Role;

use super::account::Switch;
use super::{CliError, open};
use crate::config::Settings;
use crate::domain::user::{self, CreateUser, SetUser};

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a person; starts with what a new user may do
    Create(CreateArgs),
    /// Change what a person is and may do
    Set(SetArgs),
}

#[derive(Debug, Args)]
pub struct CreateArgs {
    /// The account's name or id; may be left out when there is one
    #[arg(long)]
    account: Option<String>,
    /// First and last name
    #[arg(long)]
    name: String,
    /// E-mail address, unique in the account
    #[arg(long)]
    email: String,
    /// Admins may do everything
    #[arg(long, default_value = "user")]
    role: RoleArg,
    /// Sees only what they own or follow
    #[arg(long)]
    only_assigned_data: bool,
    /// Permissions to grant beside those that a new user starts with
    #[arg(long, value_parser = permission, value_delimiter = ',', value_name = "PERMISSION,…")]
    grant: Vec<Permission>,
    /// Permissions to leave out
    #[arg(long, value_parser = permission, value_delimiter = ',', value_name = "PERMISSION,…")]
    revoke: Vec<Permission>,
}

#[derive(Debug, Args)]
pub struct SetArgs {
    /// E-mail address or id
    user: String,
    /// The account's name or id; may be left out when there is one
    #[arg(long)]
    account: Option<String>,
    /// Admins may do everything
    #[arg(long)]
    role: Option<RoleArg>,
    /// Whether they see only what they own or follow
    #[arg(long, value_name = "SWITCH")]
    only_assigned_data: Option<Switch>,
    /// Whether they may act, own and follow; their follows end when not
    #[arg(long, value_name = "SWITCH")]
    active: Option<Switch>,
    /// Permissions to grant
    #[arg(long, value_parser = permission, value_delimiter = ',', value_name = "PERMISSION,…")]
    grant: Vec<Permission>,
    /// Permissions to take back
    #[arg(long, value_parser = permission, value_delimiter = ',', value_name = "PERMISSION,…")]
    revoke: Vec<Permission>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleArg {
    Admin,
    User,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Admin => Role::Admin,
            RoleArg::User => Role::User,
        }
    }
}

fn permission(name: &str) -> Result<Permission, String> {
    Permission::from_name(&name.trim().to_uppercase()).ok_or_else(|| {
        let known: Vec<&str> = Permission::ALL.iter().map(|permission| permission.name()).collect();
        format!("no such permission: there are {}", known.join(", "))
    })
}

pub async fn run(settings: &Settings, command: &UserCommand) -> Result<(), CliError> {
    let (base, _) = open::base(settings).await?;
    match command {
        UserCommand::Create(args) => {
            let access = open::account(&base, args.account.as_deref()).await?;
            let granted = args.grant.iter().copied().fold(Permissions::of_a_new_user(), Permissions::with);
            let wish = CreateUser {
                role: args.role.into(),
                permissions: args.revoke.iter().copied().fold(granted, Permissions::without),
                only_assigned_data: args.only_assigned_data,
                ..CreateUser::new(&args.name, &args.email)
            };
            println!("user {} {}", user::create(&access, &wish).await?, args.email);
        }
        UserCommand::Set(args) => {
            let access = open::account(&base, args.account.as_deref()).await?;
            let id = user::find(&access, &args.user).await?.id;
            let wish = SetUser {
                role: args.role.map(Role::from),
                grant: args.grant.clone(),
                revoke: args.revoke.clone(),
                only_assigned_data: args.only_assigned_data.map(Switch::is_on),
                active: args.active.map(Switch::is_on),
            };
            user::set(&access, id, &wish).await?;
            print(&user::find(&access, &args.user).await?);
        }
    }
    Ok(())
}

fn print(user: &entity::user::Model) {
    let permissions: Vec<&str> =
        Permissions::from_bits(user.effective_permissions).iter().map(Permission::name).collect();
    println!("user {} {}", user.id, user.email);
    println!("role: {:?}", user.role);
    println!("only assigned data: {}", user.only_assigned_data);
    println!("active: {}", user.active);
    println!("holds: {}", permissions.join(", "));
}
