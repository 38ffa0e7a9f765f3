use super::parse;
use crate::source::Issues;

const STARTS: &str = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/// The issues with a source, one line each, without the lines that show the place.
fn issues(source: &str) -> Vec<String> {
    let mut issues = Issues::new(source);
    parse(source, &mut issues);
    let text = issues.to_string();
    text.lines()
        .filter_map(|line| line.strip_prefix("ERROR: <input>:"))
        .map(|line| line.replace(STARTS, "START"))
        .collect()
}

#[test]
fn good_sources_parse() {
    for source in [
        "a.b.c[0].d(e, f) ? {'k': [1, 2u, -3.5e2, 0x1F,],} : r'\\d' + b\"\\x00\"",
        "!!a && -b == - -1 || x in [1] // comment",
        "Message{field: 1, other: [1]}.field",
        ".a.?b[?c].orValue({?'k': v, 'l': [?m]})",
        "'''multi\nline''' == \"\\u00e9\\U0001F600\\101\"",
        "[1].all(x, x > 0) && [1].exists(i, x, i < x) && {}.transformMap(k, v, v) == {}",
    ] {
        assert_eq!(issues(source), Vec::<String>::new(), "{source}");
    }
}

#[test]
fn syntax_errors_read_as_the_reference_prints_them() {
    let cases: &[(&str, &[&str])] = &[
        ("(a", &["1:3: Syntax error: missing ')' at '<EOF>'"]),
        ("a b", &["1:3: Syntax error: extraneous input 'b' expecting <EOF>"]),
        ("1 + 2\n3 +", &["2:1: Syntax error: mismatched input '3' expecting <EOF>"]),
        (
            "a. ==",
            &[
                "1:4: Syntax error: no viable alternative at input '. =='",
                "1:6: Syntax error: mismatched input '<EOF>' expecting START",
            ],
        ),
        ("a.true", &["1:3: Syntax error: mismatched input 'true' expecting IDENTIFIER"]),
        (
            "'x",
            &[
                "1:1: Syntax error: token recognition error at: ''x'",
                "1:3: Syntax error: mismatched input '<EOF>' expecting START",
            ],
        ),
        (
            "true; true",
            &[
                "1:5: Syntax error: token recognition error at: ';'",
                "1:7: Syntax error: extraneous input 'true' expecting <EOF>",
            ],
        ),
        (
            "if a",
            &["1:1: reserved identifier: if", "1:4: Syntax error: extraneous input 'a' expecting <EOF>"],
        ),
        (
            "t{>C}",
            &[
                "1:3: Syntax error: extraneous input '>' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}",
                "1:5: Syntax error: mismatched input '}' expecting ':'",
            ],
        ),
        (
            "a | b",
            &[
                "1:3: Syntax error: token recognition error at: '| '",
                "1:5: Syntax error: extraneous input 'b' expecting <EOF>",
            ],
        ),
        ("[1].all(2, x)", &["1:9: argument must be a simple name"]),
        ("has(a)", &["1:5: invalid argument to has() macro"]),
        ("99999999999999999999", &["1:1: invalid int literal"]),
        ("a.`b-c`", &["1:3: unsupported syntax: '`'"]),
    ];
    for (source, expected) in cases {
        assert_eq!(&issues(source), expected, "{source}");
    }
}

#[test]
fn nesting_is_limited() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(issues(&nested(200)), Vec::<String>::new());
    assert_eq!(issues(&nested(300)), ["-1:0: expression recursion limit exceeded: 250"]);
    let sum = vec!["1"; 300].join(" + ");
    assert_eq!(issues(&sum), ["-1:0: max recursion depth exceeded"]);
    assert_eq!(issues(&vec!["a"; 5000].join(" || ")), Vec::<String>::new());
    let long = "a".repeat(100_001);
    assert_eq!(issues(&long), ["-1:0: expression code point size exceeds limit: size: 100001, limit 100000"]);
}

proptest::proptest! {
    #[test]
    fn any_text_parses_or_says_why(source in "[a-z0-9 .?:,()\\[\\]{}+*/%<>=!&|'\"`\\\\-]{0,60}") {
        let mut found = Issues::new(&source);
        let parsed = parse(&source, &mut found);
        proptest::prop_assert_eq!(parsed.is_none(), !found.is_empty());
        let _ = found.to_string();
    }
}
