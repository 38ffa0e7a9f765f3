//! The server is killed while it is written to and watched: nothing that it acknowledged is lost, and no watcher misses
//! or repeats an event. `capstan bench crash --rounds N` does the same for longer.

use std::path::Path;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_when_the_server_is_killed() -> std::io::Result<()> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("crash-{}", std::process::id()));
    std::fs::create_dir_all(&directory)?;
    let program = Path::new(env!("CARGO_BIN_EXE_capstan"));
    let outcome = bench::crash(program, directory.clone(), 5, Duration::from_millis(800)).await?;
    assert_eq!(outcome.faults, Vec::<String>::new());
    assert!(outcome.writes > 0 && outcome.events > outcome.writes, "{outcome:?}");
    std::fs::remove_dir_all(directory)
}
