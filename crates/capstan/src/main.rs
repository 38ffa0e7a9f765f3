//! The `capstan` program.

use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use capstan::Options;
use capstan::flags::{self, FlagError, Flags};
use capstan::run::Running;
use tokio::signal::unix::{SignalKind, signal};

const USAGE: &str = "Capstan, a Kubernetes API server.

  capstan serve [FLAGS]           serve on 127.0.0.1:6443, with data, certificates and kubeconfig of its own
  capstan kube-apiserver [FLAGS]  take the flags of kube-apiserver (also when the program is called that)
  capstan bench [OPTIONS]         measure this server, or any other; see `capstan bench --help`

Flags:
";

/// What the command line asks for.
enum Command {
    Help,
    Version,
    Bench(Vec<String>),
    Run(Box<Options>, Vec<String>),
}

fn main() -> ExitCode {
    let started = Instant::now();
    match command(std::env::args().collect()) {
        Ok(Command::Help) => {
            print!("{USAGE}{}", flags::usage());
            ExitCode::SUCCESS
        }
        Ok(Command::Version) => {
            println!("Kubernetes {} (Capstan {})", server::KUBERNETES, env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Ok(Command::Bench(arguments)) => bench::main(arguments),
        Ok(Command::Run(options, warnings)) => serve(*options, &warnings, started),
        Err(error) => {
            eprintln!("Error: {error}\nSee `capstan --help`.");
            ExitCode::FAILURE
        }
    }
}

/// Reads the command line, whose first element is the program's own name.
fn command(arguments: Vec<String>) -> Result<Command, FlagError> {
    let mut arguments = arguments.into_iter();
    let program = arguments.next().unwrap_or_default();
    let name = match program.rsplit('/').next() {
        Some("kube-apiserver") => "kube-apiserver".to_owned(),
        _ => arguments.next().unwrap_or_default(),
    };
    let make = match name.as_str() {
        "serve" => Options::serve,
        "kube-apiserver" => Options::kube_apiserver,
        "bench" => return Ok(Command::Bench(arguments.collect())),
        "version" | "--version" => return Ok(Command::Version),
        _ => return Ok(Command::Help),
    };
    let flags = Flags::parse(arguments)?;
    if flags.switch("help") {
        return Ok(Command::Help);
    }
    if flags.given("version").is_some_and(|value| value != "false") {
        return Ok(Command::Version);
    }
    Ok(Command::Run(Box::new(make(&flags)?), flags.warnings))
}

fn serve(options: Options, warnings: &[String], started: Instant) -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).with_target(false).init();
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("Error: can't start threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(options, started)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options, started: Instant) -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let running = Running::start(options).await?;
    tracing::info!(address = %running.address(), after = ?started.elapsed(), "ready");
    if let Some(path) = running.kubeconfig() {
        let (address, path) = (running.address(), path.display());
        // Nobody needs to listen.
        let _ = writeln!(
            std::io::stdout(),
            "Serving on https://{address}. To use it:\n  export KUBECONFIG={path}"
        );
    }
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}
