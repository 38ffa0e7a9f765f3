//! The loads on a server, one after the other.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::Target;
use crate::bare::Bare;
use crate::client::{Call, Connection, refused};
use crate::load::{self, Until};
use crate::mixed::{self, Mixed};
use crate::options::Options;
use crate::process;
use crate::report::{Report, Row};
use crate::requests::Space;
use crate::watches::Watches;

/// The size of a page, client-go's.
const PAGE: u64 = 500;
/// Connections that ask for whole lists: more would only measure how they wait for each other.
const LISTERS: usize = 4;
/// The data of objects that are watched: events are small as a rule.
const EVENT_DATA: usize = 100;

/// A name that no other run has.
pub fn unique() -> PathBuf {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("capstan-bench-{}-{}", std::process::id(), now.as_secs()).into()
}

/// The loads on one server.
pub struct Bench<'a> {
    /// What to do.
    pub options: &'a Options,
    /// The server.
    pub target: Target,
    /// Its process, if it runs here.
    pub pid: Option<u32>,
    /// This program.
    pub program: &'a Path,
    /// The server's memory before there was anything in it, in bytes.
    pub fresh: Option<u64>,
}

impl Bench<'_> {
    /// Runs them, and removes what they made.
    pub async fn loads(&self, report: &mut Report) -> io::Result<()> {
        let name = unique().display().to_string();
        let space = Space { name: name.clone(), data: self.options.size };
        let events = Space { name: format!("{name}-events"), data: EVENT_DATA };
        self.once(&space.make()).await?;
        self.once(&events.make()).await?;
        let done = self.measure(&space, &events, report).await;
        if self.fresh.is_some() {
            // The server is this run's own, and its data go as a whole.
            return done;
        }
        for call in space.remove().iter().chain(&events.remove()) {
            self.once(call).await?;
        }
        done
    }

    async fn measure(&self, space: &Space, events: &Space, report: &mut Report) -> io::Result<()> {
        self.creates(space, report).await?;
        self.reads(space, report).await?;
        self.writes(space, report).await?;
        self.informers(space, report).await?;
        self.watch(events, report).await?;
        self.grow(space, report).await
    }

    async fn creates(&self, space: &Space, report: &mut Report) -> io::Result<()> {
        let objects = self.options.objects;
        let made = self.create(space, 0, objects).await?;
        report.add(Row::rate("creates", &made, "creates/s"));
        self.memory(objects, made.bytes / objects, report);
        Ok(())
    }

    /// Creates the objects from number `first` on up to number `end`.
    async fn create(&self, space: &Space, first: u64, end: u64) -> io::Result<load::Measured> {
        let space = space.clone();
        let call = move |number| space.create(number);
        let load = load::run(&self.target, self.options.connections, first, Until::Count(end), call);
        costed(self.pid, load).await
    }

    /// Goes on to more objects.
    async fn grow(&self, space: &Space, report: &mut Report) -> io::Result<()> {
        let mut there = self.options.objects;
        for &objects in &self.options.grow {
            let made = self.create(space, there, objects).await?;
            let Some(length) = made.bytes.checked_div(made.count) else { continue };
            report.add(Row::rate(&format!("creates up to {objects}"), &made, "creates/s"));
            self.memory(objects, length, report);
            there = objects;
        }
        Ok(())
    }

    /// The memory that `objects` objects of `length` bytes of JSON take.
    fn memory(&self, objects: u64, length: u64, report: &mut Report) {
        if let (Some(fresh), Some(now)) = (self.fresh, self.pid.and_then(process::resident)) {
            let each = now.saturating_sub(fresh) as f64 / objects as f64;
            let note = format!("{:.2} of {length} bytes of JSON", each / length as f64);
            report.add(Row::figure(&format!("memory with {objects} objects"), now as f64 / 1e6, "MB"));
            report.add(Row::figure("memory for each object", each, "bytes").note(note));
        }
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
            let until = Until::Time(self.options.time);
            let load = load::run(&bare.target, connections, 0, until, |_| Call::get("/".to_owned()));
            let most = costed(bare.id(), load).await?;
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

    async fn informers(&self, space: &Space, report: &mut Report) -> io::Result<()> {
        let Options { objects, connections, time, .. } = *self.options;
        if !self.options.wants("informers") {
            return Ok(());
        }
        let Mixed { lists, events, gets, updates } =
            mixed::run(&self.target, space, connections, objects, time).await?;
        let note = format!("by {connections} informers, {:.0} MB/s", lists.megabytes());
        report.add(Row::rate("mixed: whole lists in pages", &lists, "lists/s").note(note));
        report.add(Row::rate("mixed: events to informers", &events, "events/s"));
        report.add(Row::rate("mixed: gets", &gets, "gets/s"));
        report.add(Row::rate("mixed: updates", &updates, "updates/s"));
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
            let busy = costed(self.pid, watches.fan_out(&self.target, events, time, Duration::ZERO)).await?;
            report.add(
                Row::rate(&format!("events to {watchers} watchers"), &busy, "events/s")
                    .note("as fast as they read".to_owned()),
            );
            let calm =
                costed(self.pid, watches.fan_out(&self.target, events, time, Duration::from_millis(200)))
                    .await?;
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
        let load = load::run(&self.target, connections, 0, Until::Time(self.options.time), call);
        costed(self.pid, load).await
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

/// A load with the processor time that the server's process takes for it.
async fn costed(
    pid: Option<u32>,
    load: impl Future<Output = io::Result<load::Measured>>,
) -> io::Result<load::Measured> {
    let used = || pid.and_then(process::processor_time);
    let before = used();
    let mut measured = load.await?;
    measured.processor = used().zip(before).map(|(after, before)| after.saturating_sub(before));
    Ok(measured)
}

/// Numbers without an order that a cache could guess.
fn scatter(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20
}
