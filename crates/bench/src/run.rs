//! A whole run: finds or starts the server, makes one load after the other, and cleans up.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::bare::{self, Bare};
use crate::client::{Call, Connection, refused};
use crate::load::{self, Until};
use crate::options::{Options, USAGE};
use crate::process::{self, Process};
use crate::report::{Report, Row};
use crate::requests::Space;
use crate::watches::Watches;
use crate::{Target, kubeconfig};

/// The size of a page, client-go's.
const PAGE: u64 = 500;
/// Connections that ask for whole lists: more would only measure how they wait for each other.
const LISTERS: usize = 4;
/// The data of objects that are watched: events are small as a rule.
const EVENT_DATA: usize = 100;

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

async fn run(options: &Options) -> io::Result<()> {
    if let Some(length) = options.bare {
        match bare::serve(length).await? {}
    }
    let program = std::env::current_exe()?;
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

/// A name that no other run has.
fn unique() -> PathBuf {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("capstan-bench-{}-{}", std::process::id(), now.as_secs()).into()
}

/// The loads on one server.
struct Bench<'a> {
    options: &'a Options,
    target: Target,
    pid: Option<u32>,
    program: &'a Path,
    /// The server's memory before there was anything in it, in bytes.
    fresh: Option<u64>,
}

impl Bench<'_> {
    async fn loads(&self, report: &mut Report) -> io::Result<()> {
        let name = unique().display().to_string();
        let space = Space { name: name.clone(), data: self.options.size };
        let events = Space { name: format!("{name}-events"), data: EVENT_DATA };
        self.once(&space.make()).await?;
        self.once(&events.make()).await?;
        let done = self.measure(&space, &events, report).await;
        for call in space.remove().iter().chain(&events.remove()) {
            self.once(call).await?;
        }
        done
    }

    async fn measure(&self, space: &Space, events: &Space, report: &mut Report) -> io::Result<()> {
        self.creates(space, report).await?;
        self.reads(space, report).await?;
        self.writes(space, report).await?;
        self.watch(events, report).await
    }

    async fn creates(&self, space: &Space, report: &mut Report) -> io::Result<()> {
        let objects = self.options.objects;
        let made = {
            let space = space.clone();
            load::run(&self.target, self.options.connections, Until::Count(objects), move |number| {
                space.create(number)
            })
        };
        let made = made.await?;
        report.add(Row::rate("creates", &made, "creates/s"));
        if let (Some(fresh), Some(now)) = (self.fresh, self.pid.and_then(process::resident)) {
            let each = now.saturating_sub(fresh) as f64 / objects as f64;
            let note = format!(
                "{:.2} of {} bytes of JSON",
                each * objects as f64 / made.bytes as f64,
                made.bytes / objects
            );
            report.add(Row::figure("memory with all objects", now as f64 / 1e6, "MB"));
            report.add(Row::figure("memory for each object", each, "bytes").note(note));
        }
        Ok(())
    }

    async fn reads(&self, space: &Space, report: &mut Report) -> io::Result<()> {
        let Options { objects, connections, .. } = *self.options;
        if self.options.wants("gets") {
            let reached = {
                let space = space.clone();
                self.timed(connections, move |number| space.get(scatter(number) % objects)).await?
            };
            report.add(Row::rate("gets", &reached, "gets/s"));
            let length = reached.bytes / reached.count.max(1);
            let bare = Bare::start(self.program, length as usize).await?;
            let most = load::run(&bare.target, connections, Until::Time(self.options.time), |_| {
                Call::get("/".to_owned())
            })
            .await?;
            let note = format!("gets reach {:.0} % of it", 100.0 * reached.rate() / most.rate());
            report.add(Row::rate("gets of a bare hyper server", &most, "gets/s").note(note));
        }
        if self.options.wants("pages") {
            let pages = self.pages(space).await?;
            let reached = self
                .timed(connections, move |number| Call::get(pages[number as usize % pages.len()].clone()))
                .await?;
            let note = format!("{:.0} MB/s", reached.megabytes());
            report.add(Row::rate(&format!("pages of {PAGE}"), &reached, "pages/s").note(note));
        }
        if self.options.wants("lists") {
            let path = space.collection();
            let reached = self.timed(LISTERS, move |_| Call::get(path.clone())).await?;
            let note = format!("{:.2} lists/s of {} objects", reached.rate(), objects);
            report.add(Row::figure("whole lists", reached.megabytes(), "MB/s").times(&reached).note(note));
        }
        Ok(())
    }

    async fn writes(&self, space: &Space, report: &mut Report) -> io::Result<()> {
        let Options { objects, connections, .. } = *self.options;
        type Make = fn(&Space, u64, &str) -> Call;
        let kinds: [(&str, Make, &'static str); 3] = [
            ("updates", Space::update, "updates/s"),
            ("patches", Space::patch, "patches/s"),
            ("applies", Space::apply, "applies/s"),
        ];
        for (what, make, unit) in kinds.into_iter().filter(|(what, ..)| self.options.wants(what)) {
            let space = space.clone();
            let call = move |number: u64| make(&space, number % objects, &format!("{what} {number}"));
            report.add(Row::rate(what, &self.timed(connections, call).await?, unit));
        }
        Ok(())
    }

    async fn watch(&self, events: &Space, report: &mut Report) -> io::Result<()> {
        let Options { watchers, time, .. } = *self.options;
        if !self.options.wants("watch") && !self.options.wants("idle") {
            return Ok(());
        }
        for number in 0..16 {
            self.once(&events.create(number)).await?;
        }
        let memory = || self.pid.and_then(process::resident);
        let before = memory();
        let mut watches = Watches::begin(&self.target, events, watchers).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        if let (Some(before), Some(now)) = (before, memory()) {
            let each = now.saturating_sub(before) as f64 / watchers as f64 / 1e3;
            report.add(
                Row::figure("memory for an idle watch", each, "KB").note(format!("{watchers} over TLS")),
            );
        }
        if self.options.wants("watch") {
            let busy = watches.fan_out(&self.target, events, time, Duration::ZERO).await?;
            report.add(
                Row::rate(&format!("events to {watchers} watchers"), &busy, "events/s")
                    .note("as fast as they read".to_owned()),
            );
            let calm = watches.fan_out(&self.target, events, time, Duration::from_millis(200)).await?;
            report.add(
                Row::rate(&format!("events to {watchers} watchers"), &calm, "events/s")
                    .note("5 writes/s".to_owned()),
            );
        }
        Ok(())
    }

    async fn timed(
        &self,
        connections: usize,
        call: impl Fn(u64) -> Call + Send + Sync + 'static,
    ) -> io::Result<load::Measured> {
        load::run(&self.target, connections, Until::Time(self.options.time), call).await
    }

    /// The paths of the pages of a list at one revision.
    async fn pages(&self, space: &Space) -> io::Result<Vec<String>> {
        let mut connection = Connection::open(&self.target).await?;
        let first = format!("{}?limit={PAGE}", space.collection());
        let mut paths = vec![first.clone()];
        loop {
            let path = paths.last().cloned().unwrap_or_default();
            let reply = connection.request("GET", &path, "", bytes::Bytes::new()).await?;
            if reply.code != 200 {
                return Err(refused(&Call::get(path), reply.code, &reply.body));
            }
            match reply.json().str_at(["metadata", "continue"]) {
                "" => return Ok(paths),
                token => paths.push(format!("{first}&continue={token}")),
            }
        }
    }

    async fn once(&self, call: &Call) -> io::Result<()> {
        Connection::open(&self.target).await?.count(call).await.map(drop)
    }
}

/// Numbers without an order that a cache could guess.
fn scatter(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20
}
