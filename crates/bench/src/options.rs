//! The command line of `capstan bench`.

use std::path::PathBuf;
use std::time::Duration;

/// How it is used.
pub const USAGE: &str = "capstan bench [OPTIONS]: measures a Kubernetes API server
capstan bench crash [--rounds N] [--directory DIR]: kills this program again and again while it serves, and proves
                    that nothing acknowledged is lost and no watcher misses anything

Without a server it starts this program on an empty directory and measures that.

  --server URL         the server, https://HOST:PORT; its certificate is not verified
  --token TOKEN        a bearer token for it
  --kubeconfig FILE    server, certificates and token from a file instead
  --pid PID            the server's process on this machine, to read its memory
  --connections N      connections at a time [16]
  --objects N          objects to make and list [10000]
  --grow N,N           then go on to so many objects in all, and measure memory again
  --size BYTES         data in an object [1800: about 2 KB with its metadata]
  --seconds N          time of each load [5]
  --watchers N         watchers of one namespace [1000]
  --only A,B           of creates, gets, pages, lists, updates, patches, applies, informers, watch, idle
  --directory DIR      where a server that is started keeps its data [a new one below the system's temporary one]
  --json               print JSON instead of a table
";

/// The loads, in the order they are run. Objects are created in any case: all others need them.
pub const LOADS: &[&str] =
    &["creates", "gets", "pages", "lists", "updates", "patches", "applies", "informers", "watch", "idle"];

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The server's URL and the token for it.
    pub server: Option<(String, String)>,
    /// Where else the server is found.
    pub kubeconfig: Option<PathBuf>,
    /// The server's process.
    pub pid: Option<u32>,
    /// How many connections send at a time.
    pub connections: usize,
    /// How many objects there are.
    pub objects: u64,
    /// How many more there are in the end, in steps.
    pub grow: Vec<u64>,
    /// The bytes of data in one.
    pub size: usize,
    /// The time of each load.
    pub time: Duration,
    /// How many watchers.
    pub watchers: usize,
    /// The loads.
    pub only: Vec<String>,
    /// Where a server that is started keeps its data.
    pub directory: Option<PathBuf>,
    /// Kill the server so many times and check what is left, instead of measuring.
    pub crash: bool,
    /// How often it is killed.
    pub rounds: u32,
    /// Print JSON.
    pub json: bool,
    /// Serve so many bytes instead, and do nothing else.
    pub bare: Option<usize>,
    /// Print how it is used.
    pub help: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            server: None,
            kubeconfig: None,
            pid: None,
            connections: 16,
            objects: 10_000,
            grow: Vec::new(),
            size: 1800,
            time: Duration::from_secs(5),
            watchers: 1000,
            only: LOADS.iter().map(|load| (*load).to_owned()).collect(),
            directory: None,
            crash: false,
            rounds: 20,
            json: false,
            bare: None,
            help: false,
        }
    }
}

impl Options {
    /// Reads the command line; the error says what is wrong with it.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Options, String> {
        let mut options = Options::default();
        let (mut url, mut token) = (None, String::new());
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let (name, inline) = match argument.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (argument, None),
            };
            match name.as_str() {
                "crash" => options.crash = true,
                "--json" => options.json = true,
                "--help" | "-h" => options.help = true,
                _ => {
                    let value = inline
                        .or_else(|| arguments.next())
                        .ok_or_else(|| format!("{name} needs a value, or is not known"))?;
                    match name.as_str() {
                        "--server" => url = Some(value),
                        "--token" => token = value,
                        "--kubeconfig" => options.kubeconfig = Some(value.into()),
                        "--pid" => options.pid = Some(number(&name, &value)?),
                        "--connections" => options.connections = positive(&name, &value)?,
                        "--objects" => options.objects = positive(&name, &value)? as u64,
                        "--grow" => {
                            let steps = value.split(',').map(|step| number(&name, step));
                            options.grow = steps.collect::<Result<_, _>>()?;
                        }
                        "--size" => options.size = number(&name, &value)?,
                        "--seconds" => options.time = Duration::from_secs(positive(&name, &value)? as u64),
                        "--watchers" => options.watchers = positive(&name, &value)?,
                        "--only" => options.only = loads(&value)?,
                        "--directory" => options.directory = Some(value.into()),
                        "--rounds" => options.rounds = number(&name, &value)?,
                        "--bare" => options.bare = Some(number(&name, &value)?),
                        _ => return Err(format!("{name} is not known")),
                    }
                }
            }
        }
        options.server = url.map(|url| (url, token));
        Ok(options)
    }

    /// Whether a load is wanted.
    pub fn wants(&self, load: &str) -> bool {
        self.only.iter().any(|wanted| wanted == load)
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name}: {value:?} is no number that fits"))
}

fn positive(name: &str, value: &str) -> Result<usize, String> {
    number(name, value).and_then(|number| match number {
        0 => Err(format!("{name} must not be 0")),
        number => Ok(number),
    })
}

fn loads(value: &str) -> Result<Vec<String>, String> {
    let loads: Vec<String> = value.split(',').map(str::to_owned).collect();
    match loads.iter().find(|load| !LOADS.contains(&load.as_str())) {
        Some(unknown) => Err(format!("--only: there is no load {unknown:?}, but {}", LOADS.join(", "))),
        None => Ok(loads),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines() {
        let parse = |line: &str| Options::parse(line.split_whitespace().map(str::to_owned));
        assert_eq!(parse(""), Ok(Options::default()));
        let options =
            parse("--server https://x --token=t --objects 5 --grow 6,7 --only gets,watch --json").unwrap();
        assert_eq!(options.server, Some(("https://x".to_owned(), "t".to_owned())));
        assert_eq!((options.objects, &options.grow[..]), (5, &[6, 7][..]));
        assert!(options.json && options.wants("watch") && !options.wants("idle"));
        for (line, wrong) in [
            ("--objects x", "--objects: \"x\" is no number that fits"),
            ("--connections 0", "--connections must not be 0"),
            ("--only a", "--only: there is no load \"a\""),
            ("--frobnicate 1", "--frobnicate is not known"),
            ("--server", "--server needs a value"),
        ] {
            assert!(parse(line).is_err_and(|error| error.starts_with(wrong)), "{line}");
        }
    }
}
