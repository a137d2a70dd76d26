//! Chooses the folder of the browser client's files by `GREENROOM_WEB` and, where it is due, builds it with npm in `OUT_DIR`.
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const CHOICE: &str = "GREENROOM_WEB";
/// What the client is built from. Cargo looks at these alone.
const SOURCES: &[&str] =
    &["src", "public", "index.html", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json"];
const OLDEST: &[(u32, u32)] = &[(20, 19), (22, 12)];
const BY_NODE: &str = "install Node 20.19 or newer and start it by GREENROOM_WEB=build cargo run --release";
const BY_HAND: &str = "run `npm ci && npm run build` in web/ and reload";

fn main() {
    println!("cargo::rerun-if-env-changed={CHOICE}");
    println!("cargo::rerun-if-changed=build.rs");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    let home = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let choice = env::var(CHOICE).unwrap_or_default();
    let dist = match (choice.as_str(), is_release) {
        ("", false) => home.join("dist"),
        ("", true) if has_node() => build(&home).unwrap_or_else(|why| fail(&why)),
        ("", true) => {
            println!("cargo::rerun-if-env-changed=PATH");
            println!("cargo::warning=built without the browser client: no Node 20.19+ or 22.12+ and npm found");
            nowhere()
        }
        ("none", _) => nowhere(),
        ("build", _) => build(&home).unwrap_or_else(|why| fail(&why)),
        (folder, _) => given(&home, folder),
    };
    println!("cargo::rustc-env=GREENROOM_WEB_DIST={}", dist.display());
    println!("cargo::rustc-env=GREENROOM_WEB_WITHOUT={}", if is_release { BY_NODE } else { BY_HAND });
}

fn fail(why: &str) -> ! {
    println!("cargo::error=the browser client could not be built: {why}");
    println!("cargo::error=GREENROOM_WEB=none builds the server without it");
    std::process::exit(1);
}

/// A folder without files.
fn nowhere() -> PathBuf {
    out().join("none")
}

fn out() -> PathBuf {
    PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"))
}

/// A folder that is taken as it is. A relative one is meant from the top of the project.
fn given(home: &Path, folder: &str) -> PathBuf {
    let folder = home.parent().unwrap_or(home).join(folder);
    if !folder.join("index.html").is_file() {
        fail(&format!("{} has no index.html", folder.display()));
    }
    println!("cargo::rerun-if-changed={}", folder.display());
    folder
}

fn has_node() -> bool {
    let version = ask("node").and_then(|text| {
        let mut parts = text.trim().trim_start_matches('v').split('.').map(|part| part.parse::<u32>().ok());
        Some((parts.next()??, parts.next()??))
    });
    let is_new = |(major, minor): (u32, u32)| {
        OLDEST.iter().any(|&(oldest, least)| major == oldest && minor >= least) || major > OLDEST[1].0
    };
    version.is_some_and(is_new) && ask("npm").is_some()
}

fn ask(program: &str) -> Option<String> {
    let output = command(program).arg("--version").output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// On Windows npm is a script.
fn command(program: &str) -> Command {
    if cfg!(windows) && program != "node" { Command::new(format!("{program}.cmd")) } else { Command::new(program) }
}

/// Copies the sources into `OUT_DIR`, so that the work tree stays as it is, and builds there.
fn build(home: &Path) -> Result<PathBuf, String> {
    let folder = out().join("client");
    let locked = folder.join("node_modules/.installed");
    for source in SOURCES {
        let to = folder.join(source);
        if to.is_dir() {
            fs::remove_dir_all(&to).map_err(|error| format!("{}: {error}", to.display()))?;
        }
        copy(&home.join(source), &to).map_err(|error| format!("{source}: {error}"))?;
    }
    let lock = fs::read(home.join("package-lock.json")).map_err(|error| format!("package-lock.json: {error}"))?;
    if fs::read(&locked).ok().as_deref() != Some(&*lock) {
        run(&folder, &["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"])?;
        fs::write(&locked, &lock).map_err(|error| format!("{}: {error}", locked.display()))?;
    }
    run(&folder, &["run", "build"])?;
    Ok(folder.join("dist"))
}

fn run(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let started = command("npm").args(arguments).current_dir(folder).env("NO_COLOR", "1").output();
    let Output { status, stdout, stderr } = started.map_err(|error| format!("npm: {error}"))?;
    if status.success() {
        return Ok(());
    }
    let said = [stdout, stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let lines: Vec<_> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines[lines.len().saturating_sub(12)..].join(" | ");
    Err(format!("npm {} ended with {status}: {last}", arguments.join(" ")))
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        return fs::copy(from, to).map(|_| ());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
