use object::{Value, json};

use super::JsonPath;

const OBJECT: &[u8] = br#"{
    "kind": "W",
    "metadata": {"annotations": {"a.b/c": "ann"}},
    "spec": {
        "s": "hello", "i": 3, "n": 1.5, "b": true, "z": null,
        "l": ["p", "q", "r"], "e": [],
        "c": [{"type": "Other", "status": "F", "n": 1}, {"type": "Ready", "status": "T", "n": 2}]
    }
}"#;

/// What a path finds, as JSON; nothing if it does not fit, or is none.
fn find(path: &str) -> Option<String> {
    let object = json::parse(OBJECT).unwrap();
    let path = JsonPath::parse(path)?;
    let found = path.find(&object).ok()?;
    Some(json::to_string(&Value::Array(found.into_iter().cloned().collect())))
}

#[test]
fn paths_find_what_they_name() {
    let cases = [
        (".spec.s", r#"["hello"]"#),
        ("$.spec.s", r#"["hello"]"#),
        (".spec.missing.s", "[]"),
        (".spec.s.x", "[]"),
        (".spec.z", "[null]"),
        (".spec.l[0]", r#"["p"]"#),
        (".spec.l[-1]", r#"["r"]"#),
        (".spec.l[-1:]", r#"["r"]"#),
        (".spec.l[1:]", r#"["q","r"]"#),
        (".spec.l[:-1]", r#"["p","q"]"#),
        (".spec.l[0:3:2]", r#"["p","r"]"#),
        (".spec.l[*]", r#"["p","q","r"]"#),
        (".spec.l.*", r#"["p","q","r"]"#),
        (".spec.e[*]", "[]"),
        (".spec.l[0,2]", r#"["p","r"]"#),
        (".spec['s','i']", r#"["hello",3]"#),
        (".metadata.annotations.a\\.b/c", r#"["ann"]"#),
        (".metadata.annotations['a\\.b/c']", r#"["ann"]"#),
        (".metadata.annotations['a.b/c']", "[]"),
        (".spec.c[?(@.type=='Ready')].status", r#"["T"]"#),
        (".spec.c[?(@.type == \"Ready\")].status", r#"["T"]"#),
        (".spec.c[?(@.n>1)].status", r#"["T"]"#),
        (".spec.c[?(@.n!=1)].status", r#"["T"]"#),
        (".spec.c[?(@.none)].status", "[]"),
        (".spec.c[?(@.n)].type", r#"["Other","Ready"]"#),
        (".spec.c[*].type", r#"["Other","Ready"]"#),
        ("..status", r#"["F","T"]"#),
    ];
    for (path, found) in cases {
        assert_eq!(find(path).as_deref(), Some(found), "{path}");
    }
}

#[test]
fn what_does_not_fit_is_said() {
    for path in [
        ".spec.l[3]",
        ".spec.e[0]",
        ".spec.s[0]",
        ".spec.l[0:1:0]",
        ".spec.l[2:1]",
        ".spec.s[?(@.x)]",
        ".spec.c[?(@.n=='x')].n",
        ".spec.a[",
        ".spec.a[?(@.x]",
        ".spec.a[x]",
        ".spec}",
        "spec",
    ] {
        assert_eq!(find(path), None, "{path}");
    }
}

proptest::proptest! {
    #[test]
    fn no_path_panics(path in r#"[.\[\]@?()a-c0-3:,*'"=<>! \\-]{0,24}"#) {
        let _ = find(&path);
    }
}
