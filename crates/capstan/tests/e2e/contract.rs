//! The response contract where the conditions are the server's own: full, slow, stopping, out of disk, plain HTTP.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::wire::{Answer, Wire};
use crate::support::{Server, run};

const CONFIG_MAPS: &str = "/api/v1/namespaces/default/configmaps";

fn config_map(name: &str, data: &str) -> Vec<u8> {
    format!(r#"{{"metadata":{{"name":"{name}"}},"data":{{"a":"{data}"}}}}"#).into_bytes()
}

/// That `answer` is a Status of this code, reason and part of the message.
#[track_caller]
fn assert_status(answer: &Answer, code: u16, reason: &str, message: &str) {
    let text = answer.text();
    assert_eq!(answer.code, code, "{text}");
    assert!(
        text.starts_with(r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","#),
        "{text}"
    );
    assert!(text.contains(&format!(r#""reason":"{reason}""#)) && text.contains(message), "{text}");
}

#[test]
fn the_canonical_example() {
    let server = Server::shared();
    let answer = Wire::open(&server).ask("GET /api/v1/namespaces/default/pods/grafana", b"");
    let expected = concat!(
        r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \"grafana\" not found","#,
        r#""reason":"NotFound","details":{"name":"grafana","kind":"pods"},"code":404}"#,
        "\n"
    );
    assert_eq!((answer.code, answer.text().as_str()), (404, expected));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-cache, private"));
    assert!(answer.header("audit-id").is_some() && answer.header("date").is_some());
}

#[test]
fn writes_over_the_limit_are_429() {
    let server = Server::start(&["--max-mutating-requests-inflight=1"]);
    let body = config_map("slow", "x");
    let (mut slow, mut other) = (Wire::open(&server), Wire::open(&server));
    slow.send(&format!("POST {CONFIG_MAPS}\nContent-Length: {}\nExpect: 100-continue", body.len()), b"");
    assert_eq!(slow.head().code, 100, "it has begun, and waits for the body");
    let refused = other.ask(&format!("POST {CONFIG_MAPS}"), &config_map("b", "x"));
    assert_eq!((refused.code, refused.header("retry-after")), (429, Some("1")));
    assert_eq!(other.ask(&format!("GET {CONFIG_MAPS}"), b"").code, 200, "reads have room of their own");
    slow.more(&body);
    assert_eq!(slow.answer().code, 201);
    assert_eq!(other.ask(&format!("POST {CONFIG_MAPS}"), &config_map("c", "x")).code, 201);
}

#[test]
fn reads_over_the_limit_are_429_and_watches_are_not() {
    let server = Server::start(&["--max-requests-inflight=1"]);
    let (mut slow, mut other) = (Wire::open(&server), Wire::open(&server));
    let refused = loop {
        // Waits for a version that does not come, if it has begun before the next one.
        slow.send(&format!("GET {CONFIG_MAPS}?resourceVersion=99999999"), b"");
        thread::sleep(Duration::from_millis(100));
        let answer = other.ask(&format!("GET {CONFIG_MAPS}"), b"");
        if answer.code == 429 {
            break answer;
        }
        slow.answer();
    };
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(other.ask(&format!("GET {CONFIG_MAPS}?watch=1&timeoutSeconds=1"), b"").code, 200);
    assert_status(&slow.answer(), 504, "Timeout", "Too large resource version");
    assert_eq!(other.ask(&format!("GET {CONFIG_MAPS}"), b"").code, 200);
}

/// Asks until the answer has this code.
#[track_caller]
fn until(mut ask: impl FnMut() -> Answer, code: u16) -> Answer {
    let limit = Instant::now() + Duration::from_secs(10);
    loop {
        let answer = ask();
        if answer.code == code {
            return answer;
        }
        assert!(Instant::now() < limit, "{}", answer.text());
    }
}

#[test]
fn what_takes_too_long_is_504() {
    let server = Server::start(&["--request-timeout=1s"]);
    for (query, limit) in [("&timeout=100ms", 900), ("", 2900)] {
        let start = Instant::now();
        let answer =
            Wire::open(&server).ask(&format!("GET {CONFIG_MAPS}?resourceVersion=99999999{query}"), b"");
        let message = r#""message":"Timeout: request did not complete within the allotted timeout""#;
        assert_status(&answer, 504, "Timeout", message);
        assert!(start.elapsed() < Duration::from_millis(limit));
    }
    let answer = Wire::open(&server).ask(&format!("GET {CONFIG_MAPS}?timeout=x"), b"");
    assert_status(&answer, 400, "BadRequest", "invalid timeout specified in the request URL");
}

#[test]
fn a_large_request_is_413_and_a_large_answer_is_compressed() {
    let server = Server::shared();
    let namespace = format!("/api/v1/namespaces/{}/configmaps", server.namespace("large"));
    let mut wire = Wire::open(&server);
    let answer = wire.ask(&format!("POST {namespace}"), &config_map("a", &"x".repeat(3 * 1024 * 1024)));
    assert_status(&answer, 413, "RequestEntityTooLarge", "limit is 3145728");

    let data = "x".repeat(200_000);
    assert_eq!(Wire::open(&server).ask(&format!("POST {namespace}"), &config_map("a", &data)).code, 201);
    for path in [namespace.clone(), format!("{namespace}/a")] {
        let mut wire = Wire::open(&server);
        let answer = wire.ask(&format!("GET {path}\nAccept-Encoding: gzip"), b"");
        assert_eq!(answer.header("content-encoding"), Some("gzip"));
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        let mut text = String::new();
        flate2::read::GzDecoder::new(&answer.body[..]).read_to_string(&mut text).unwrap();
        assert!(answer.body.len() < 20_000 && text.contains(&data));
        let plain = wire.ask(&format!("GET {path}"), b"");
        assert_eq!((plain.header("content-encoding"), plain.text() == text), (None, true));
    }
}

#[test]
fn pages_of_allowed_origins_may_ask() {
    let server = Server::start(&[r"--cors-allowed-origins=//ours\.example$"]);
    let mut wire = Wire::open(&server);
    let answer = wire.ask(&format!("OPTIONS {CONFIG_MAPS}\nOrigin: https://ours.example"), b"");
    assert_eq!(answer.code, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://ours.example"));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    let answer = wire.ask(&format!("GET {CONFIG_MAPS}\nOrigin: https://ours.example"), b"");
    assert_eq!((answer.code, answer.header("access-control-expose-headers")), (200, Some("Date")));
    let answer = wire.ask(&format!("OPTIONS {CONFIG_MAPS}\nOrigin: https://theirs.example"), b"");
    assert_eq!((answer.code, answer.header("access-control-allow-origin")), (405, None));
}

#[test]
fn plain_http_is_redirected() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = Server::start(&[&format!("--http-redirect-port={port}")]);
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "POST {CONFIG_MAPS}?dryRun=All HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 2\r\n\r\n{{}}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 307 Temporary Redirect\r\n"), "{answer}");
    assert!(answer.contains(&format!("location: {}{CONFIG_MAPS}?dryRun=All\r\n", server.url())), "{answer}");
}

#[test]
fn an_end_is_orderly() {
    let mut server = Server::start(&["--shutdown-delay-duration=3s"]);
    let body = config_map("late", "x");
    let (mut watch, mut write, mut probe) = (Wire::open(&server), Wire::open(&server), Wire::open(&server));
    watch.send(&format!("GET {CONFIG_MAPS}?watch=1"), b"");
    assert_eq!(watch.head().code, 200);
    write.send(&format!("POST {CONFIG_MAPS}\nContent-Length: {}", body.len()), &body[..1]);
    assert_eq!(probe.ask("GET /readyz", b"").code, 200);

    server.terminate();
    let failing = until(|| probe.ask("GET /readyz", b""), 500);
    assert!(failing.text().contains("[-]shutdown failed"), "{}", failing.text());
    assert_eq!(probe.ask("GET /livez", b"").code, 200);
    assert_eq!(probe.ask(&format!("GET {CONFIG_MAPS}"), b"").code, 200, "the delay is for requests");
    while watch.chunk().is_some() {}
    let limit = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(server.address()).is_ok() {
        assert!(Instant::now() < limit, "nobody new is to be taken");
    }
    write.more(&body[1..]);
    assert_eq!(write.answer().code, 201, "what runs is finished");
    server.ended();
}

#[test]
fn a_full_disk_is_503_and_no_end() {
    // A limit on the size of files stands for a disk that is full: writes fail, with another number.
    let server = Server::start_limited(2048, &[]);
    let mut wire = Wire::open(&server);
    let data = "x".repeat(900_000);
    let post =
        |wire: &mut Wire, name: &str| wire.ask(&format!("POST {CONFIG_MAPS}"), &config_map(name, &data));
    let answers: Vec<Answer> = ["a", "b", "c"].iter().map(|name| post(&mut wire, name)).collect();
    assert_eq!(answers[0].code, 201);
    assert_status(&answers[2], 503, "ServiceUnavailable", "the store is unavailable: writing ");
    assert_eq!(wire.ask(&format!("GET {CONFIG_MAPS}/a"), b"").code, 200);
    assert_eq!(wire.ask(&format!("GET {CONFIG_MAPS}/c"), b"").code, 404);
}

#[test]
fn data_in_use_and_damaged_data_are_refused() {
    let mut server = Server::start(&[]);
    let directory = server.data();
    let start = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_capstan"));
        let finished = run(command.arg("serve").arg("--data-dir").arg(&directory).arg("--secure-port=0"), "");
        assert_eq!(finished.status.code(), Some(1), "{}", finished.errors);
        finished.errors
    };
    let errors = start();
    assert!(
        errors.contains(&*directory.to_string_lossy())
            && errors.contains("another process has this store open"),
        "{errors}"
    );

    server.kill();
    let segments = fs::read_dir(directory.join("store")).unwrap().map(|entry| entry.unwrap().path());
    let segment = segments.filter(|path| path.extension().is_some_and(|ext| ext == "segment")).min().unwrap();
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 4;
    bytes[middle] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let errors = start();
    assert!(errors.contains("damaged") && errors.contains(&*segment.to_string_lossy()), "{errors}");
}

#[test]
fn what_happens_is_measured() {
    let server = Server::start(&[]);
    let (mut wire, mut watch) = (Wire::open(&server), Wire::open(&server));
    watch.send(&format!("GET {CONFIG_MAPS}?watch=1"), b"");
    assert_eq!(watch.head().code, 200);
    assert_eq!(wire.ask(&format!("POST {CONFIG_MAPS}"), &config_map("a", "x")).code, 201);
    while !String::from_utf8_lossy(&watch.chunk().unwrap()).contains(r#""name":"a""#) {}
    assert_eq!(wire.ask("GET /api/v1/namespaces/default/bogus/x", b"").code, 404);
    let answer = wire.ask("GET /metrics", b"");
    assert!(answer.header("content-type").unwrap().starts_with("text/plain; version=0.0.4"));
    let page = answer.text();
    let labels = r#"group="",resource="configmaps",scope="namespace",subresource="","#;
    let posts = format!(r#"component="apiserver",dry_run="",{labels}verb="POST",version="v1""#);
    for line in [
        format!("apiserver_request_total{{{posts},code=\"201\"}} 1"),
        format!("apiserver_request_duration_seconds_count{{{posts}}} 1"),
        format!(
            r#"apiserver_longrunning_requests{{component="apiserver",{labels}verb="WATCH",version="v1"}} 1"#
        ),
        r#"apiserver_current_inflight_requests{request_kind="readOnly"} 1"#.to_owned(),
        r#"apiserver_storage_objects{resource="priorityclasses.scheduling.k8s.io"} 2"#.to_owned(),
        "# TYPE process_resident_memory_bytes gauge".to_owned(),
    ] {
        assert!(page.contains(&line), "{line}\n{page}");
    }
    assert!(!page.contains("bogus"), "clients invent no series");
}
