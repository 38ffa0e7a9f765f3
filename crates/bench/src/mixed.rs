//! What a cluster does all day: informers that list and watch, and now and then begin anew, while others read and write.

use std::io;
use std::time::{Duration, Instant};

use http_body_util::BodyExt;
use tokio::task::JoinSet;

use crate::Target;
use crate::client::{Call, Connection, refused};
use crate::load::{self, Measured, Until};
use crate::requests::Space;
use crate::watches;

/// How long an informer watches before it lists anew.
const SPELL: Duration = Duration::from_secs(1);
/// The size of an informer's pages.
const PAGE: u64 = 500;

/// What each kind of client was answered.
pub struct Mixed {
    /// Whole lists, page by page, by informers; their times and bytes.
    pub lists: Measured,
    /// Events to informers; their delays.
    pub events: Measured,
    /// Single objects read.
    pub gets: Measured,
    /// Single objects written.
    pub updates: Measured,
}

/// Runs `clients` informers, as many readers, and a quarter as many writers of a namespace of `objects` objects.
pub async fn run(
    target: &Target,
    space: &Space,
    clients: usize,
    objects: u64,
    time: Duration,
) -> io::Result<Mixed> {
    let until = Until::Time(time);
    let reader = space.clone();
    let gets =
        load::run(target, clients, 0, until, move |number| reader.get(number.wrapping_mul(7919) % objects));
    let writer = space.clone();
    let updates = load::run(target, clients.div_ceil(4), 0, until, move |number| {
        writer.update(number % objects, &watches::nanoseconds().to_string())
    });
    let (gets, updates, informers) =
        tokio::try_join!(gets, updates, informers(target, space, clients, time))?;
    let (lists, events) = informers;
    Ok(Mixed { lists, events, gets, updates })
}

async fn informers(
    target: &Target,
    space: &Space,
    count: usize,
    time: Duration,
) -> io::Result<(Measured, Measured)> {
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let informer = Informer { target: target.clone(), space: space.clone(), end: begin + time };
        // Spread over the spell, so that they do not list all at once.
        let first = SPELL.mul_f64((number + 1) as f64 / count as f64);
        tasks.spawn(informer.run(first));
    }
    let (mut lists, mut events) = (Measured::default(), Measured::default());
    while let Some(ended) = tasks.join_next().await {
        let (some_lists, some_events) = ended.map_err(io::Error::other)??;
        lists.add(some_lists);
        events.add(some_events);
    }
    for measured in [&mut lists, &mut events] {
        measured.time = begin.elapsed();
        measured.delays.sort_unstable();
    }
    Ok((lists, events))
}

struct Informer {
    target: Target,
    space: Space,
    end: Instant,
}

impl Informer {
    /// Lists and watches until the end; the first spell is of its own length.
    async fn run(self, first: Duration) -> io::Result<(Measured, Measured)> {
        let (mut lists, mut events) = (Measured::default(), Measured::default());
        let mut spell = first;
        let mut connection = Connection::open(&self.target).await?;
        while Instant::now() < self.end {
            let begin = Instant::now();
            let version = self.list(&mut connection, &mut lists).await?;
            lists.count += 1;
            lists.delays.push(begin.elapsed());
            let until = (Instant::now() + spell).min(self.end);
            self.watch(&version, until, &mut events).await?;
            spell = SPELL;
        }
        Ok((lists, events))
    }

    /// Reads all pages; answers the version to watch from.
    async fn list(&self, connection: &mut Connection, lists: &mut Measured) -> io::Result<String> {
        let first = format!("{}?limit={PAGE}", self.space.collection());
        let mut path = first.clone();
        loop {
            let reply = connection.request("GET", &path, "", bytes::Bytes::new()).await?;
            if reply.code != 200 {
                return Err(refused(&Call::get(path), reply.code, &reply.body));
            }
            lists.bytes += reply.body.len() as u64;
            let metadata = reply.list_metadata();
            match metadata.str_at(["continue"]) {
                "" => return Ok(metadata.str_at(["resourceVersion"]).to_owned()),
                token => path = format!("{first}&continue={token}"),
            }
        }
    }

    async fn watch(&self, version: &str, until: Instant, events: &mut Measured) -> io::Result<()> {
        let path =
            format!("{}?watch=1&allowWatchBookmarks=true&resourceVersion={version}", self.space.collection());
        let call = Call::get(path);
        // A watch occupies its connection, and ends with it.
        let mut connection = Connection::open(&self.target).await?;
        let (code, mut body) = connection.begin(&call).await?;
        if code != 200 {
            return Err(refused(&call, code, b""));
        }
        while let Ok(frame) = tokio::time::timeout_at(until.into(), body.frame()).await {
            let Some(frame) = frame else { return Err(io::Error::other("the server ended a watch")) };
            let frame = frame.map_err(io::Error::other)?;
            let Some(data) = frame.data_ref() else { continue };
            events.count += watches::count(data);
            events.bytes += data.len() as u64;
            events.delays.extend(watches::delays(data));
        }
        Ok(())
    }
}
