//! The command line: one server, and what an operator does beside it.
use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use greenroom::{
    app::{self, Failure, Groups, Population},
    auth::Password,
    domain::{Email, Name},
    settings::Settings,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A chat server for any Socket.IO client.
#[derive(Parser)]
#[command(version = env!("GREENROOM_VERSION"))]
struct Cli {
    /// A settings file on top of the defaults; the environment (GREENROOM__SECTION__KEY) goes on top of both.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server (the default).
    Serve,
    /// Manage accounts.
    #[command(subcommand)]
    User(User),
    /// Look at the settings.
    #[command(subcommand)]
    Config(Config),
    /// Watch a running server in the terminal.
    #[cfg(feature = "top")]
    Top {
        /// Its admin listener, such as http://127.0.0.1:9090; that of the settings, if it is not given.
        #[arg(long)]
        url: Option<String>,
    },
    /// Ask a running server whether it can work; the exit code tells too.
    Health {
        /// Its admin listener, such as http://127.0.0.1:9090; that of the settings, if it is not given.
        #[arg(long)]
        url: Option<String>,
    },
    /// Make users, chats and groups for load tests.
    Seed(Seed),
    /// Look after uploaded files.
    #[command(subcommand)]
    Files(Files),
    /// Look after the index that messages are found by.
    #[command(subcommand)]
    Search(Search),
    /// Copy the SQLite database into a new file, while the server runs or not.
    Backup {
        /// The copy. It must not be there yet.
        file: PathBuf,
    },
    /// Put a backup in the place of the SQLite database, while no server runs.
    Restore {
        /// What `backup` wrote.
        file: PathBuf,
        /// Give up the database that is there.
        #[arg(long)]
        replace: bool,
    },
}

#[derive(Subcommand)]
enum User {
    /// Add a verified account; no mail is sent.
    Add {
        /// Shown to others.
        #[arg(long)]
        name: String,
        /// The address to log in with.
        #[arg(long)]
        email: String,
        /// 8 to 128 characters.
        #[arg(long, allow_hyphen_values = true)]
        password: String,
    },
}

#[derive(Subcommand)]
enum Search {
    /// Make it anew, while the server runs or not.
    Rebuild,
}

#[derive(Subcommand)]
enum Config {
    /// Say whether the settings are right.
    Check,
    /// Print every setting, its value and where it came from; secrets are masked.
    Show,
}

#[derive(Subcommand)]
enum Files {
    /// Say whether the database and the store of files agree, while the server runs or not.
    Check,
}

#[derive(Args)]
struct Seed {
    /// How many users; 2k and 2k+1 share a personal chat.
    #[arg(long)]
    users: usize,
    /// How many groups of how many members, such as 10x50.
    #[arg(long, default_value = "0x0")]
    groups: Groups,
    /// Where the users, their tokens and chats are written, as JSON.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[actix_web::main]
async fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Help and the version come this way too, and may find nobody who reads them.
        Err(told) => return told.print().map_or(ExitCode::FAILURE, |()| ExitCode::from(told.exit_code() as u8)),
    };
    if let Err(failure) = app::start_log() {
        eprintln!("greenroom: no log: {failure}");
        return ExitCode::FAILURE;
    }
    let done = run(cli).await;
    log::logger().flush();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            app::tell_failure(&failure);
            ExitCode::from(app::exit_status(&failure))
        }
    }
}

async fn run(cli: Cli) -> Result<(), Failure> {
    let file = cli.config.as_deref();
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => app::serve(file).await,
        Command::User(User::Add { name, email, password }) => {
            let (auth, ..) = app::accounts(&Settings::load(file)?).await?;
            let name = Name::new(&name)?;
            let email = Email::new(&email)?;
            if !email.is_ascii() {
                return Err(
                    "the address must be in ASCII before the @: mail servers take nothing else everywhere".into()
                );
            }
            let password = Password::new(&password)?;
            auth.add_verified_user(&name, &email, &password, app::print).await.map(|_| ())
        }
        Command::Config(Config::Check) => {
            app::check(&Settings::load(file)?)?;
            app::print("the settings are right")
        }
        Command::Config(Config::Show) => {
            let rows = Settings::show(file)?;
            app::print(rows.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        }
        Command::Files(Files::Check) => app::check_files(&Settings::load(file)?).await,
        #[cfg(feature = "top")]
        Command::Top { url } => {
            let url = app::admin_url(&Settings::load(file)?, url.as_deref())?;
            Ok(greenroom::top::run(url).await?)
        }
        Command::Health { url } => app::print(app::health(&Settings::load(file)?, url.as_deref()).await?),
        Command::Seed(seed) => {
            let population = Population { users: seed.users, groups: seed.groups };
            app::seed(&Settings::load(file)?, population, &seed.out).await
        }
        Command::Search(Search::Rebuild) => app::rebuild_search(&Settings::load(file)?).await,
        Command::Backup { file: copy } => app::backup(&Settings::load(file)?, &copy).await,
        Command::Restore { file: copy, replace } => app::restore(&Settings::load(file)?, &copy, replace).await,
    }
}
