//! A whole run: finds or starts the server, makes one load after the other, and cleans up.

use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::bare;
use crate::loads::{Bench, unique};
use crate::options::{Options, USAGE};
use crate::process::{self, Process};
use crate::report::{Report, Row};
use crate::{Target, kubeconfig};

/// How long a server lives at most in a crash test.
const LONGEST_ROUND: Duration = Duration::from_millis(1500);

/// Runs `capstan bench` with the arguments after that.
pub fn main(arguments: impl IntoIterator<Item = String>) -> ExitCode {
    let options = match Options::parse(arguments) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("Error: {error}\n\n{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    if options.help {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .and_then(|runtime| runtime.block_on(run(&options)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Kills the server again and again; fails if anything was lost.
async fn crash(program: &Path, options: &Options) -> io::Result<()> {
    let unique = format!("capstan-crash-{}", std::process::id());
    let directory = options.directory.clone().unwrap_or_else(|| std::env::temp_dir().join(unique));
    std::fs::create_dir_all(&directory)?;
    let outcome = crate::crash::crash(program, directory, options.rounds, LONGEST_ROUND).await?;
    println!(
        "{} kills, {} acknowledged writes, {} events, {} faults",
        outcome.rounds,
        outcome.writes,
        outcome.events,
        outcome.faults.len()
    );
    for fault in &outcome.faults {
        println!("  {fault}");
    }
    if outcome.faults.is_empty() { Ok(()) } else { Err(io::Error::other("the server lost something")) }
}

async fn run(options: &Options) -> io::Result<()> {
    if let Some(length) = options.bare {
        match bare::serve(length).await? {}
    }
    let program = std::env::current_exe()?;
    if options.crash {
        return crash(&program, options).await;
    }
    let mut report = Report::default();
    let target = match (&options.server, &options.kubeconfig) {
        (Some((url, token)), _) => Some(Target::with_token(url, token)?),
        (None, Some(path)) => Some(kubeconfig::read(path)?),
        (None, None) => None,
    };
    match target {
        Some(target) => {
            let bench = Bench { options, target, pid: options.pid, program: &program, fresh: None };
            bench.loads(&mut report).await?;
        }
        None => own(options, &program, &mut report).await?,
    }
    match options.json {
        true => println!("{}", report.json()),
        false => print!("{}", report.table()),
    }
    Ok(())
}

/// Starts a server, measures it, and kills it once in between.
async fn own(options: &Options, program: &Path, report: &mut Report) -> io::Result<()> {
    let directory = options.directory.clone().unwrap_or_else(|| std::env::temp_dir().join(unique()));
    let mut server = Process::serve(program, &directory, 0, &[]).await?;
    report.add(milliseconds("ready from nothing", server.ready_after()));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let fresh = server.id().and_then(process::resident);
    if let Some(bytes) = fresh {
        report.add(Row::figure("memory when idle", bytes as f64 / 1e6, "MB"));
    }
    let bench = Bench { options, target: server.target().clone(), pid: server.id(), program, fresh };
    bench.loads(report).await?;
    server.kill().await?;
    let server = Process::serve(program, &directory, 0, &[]).await?;
    report.add(milliseconds("ready after kill -9", server.ready_after()));
    drop(server);
    if options.directory.is_none() {
        std::fs::remove_dir_all(&directory)?;
    }
    Ok(())
}

fn milliseconds(what: &str, time: Duration) -> Row {
    Row::figure(what, time.as_secs_f64() * 1e3, "ms")
}
