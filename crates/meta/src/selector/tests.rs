use proptest::prelude::*;
use status::Path;

use super::*;

const NAME_PART: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

fn labels(text: &str) -> LabelSelector {
    LabelSelector::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn label_selectors_match() {
    let web = [("app", "web"), ("n", "10"), ("tier", "back"), ("x.io/k", "V_1.2-z")];
    for (text, matches) in [
        ("", true),
        (" ", true),
        ("app=web", true),
        (" app == web ", true),
        ("app!=web", false),
        ("nope!=x", true),
        ("app in (web, db )", true),
        ("app in(db)", false),
        ("app\tin\n(web)", true),
        ("app notin (db)", true),
        ("env notin ()", true),
        ("app", true),
        ("! env", true),
        ("!app", false),
        ("env=", false),
        ("env in ()", false),
        ("x.io/k in (V_1.2-z,other)", true),
        ("n>9", true),
        ("n > 10", false),
        ("n<11,n>5", true),
        ("app>1", false),
        ("app = web,  !env", true),
        ("in!=x,notin notin (in)", true),
    ] {
        assert_eq!(labels(text).matches_sorted(&web), matches, "{text}");
    }
    let empty = [("env", "")];
    for text in ["env=", "env==", "env in ()", "env in (,)", "env in (prod,)", "env in (a,,b)", "env"] {
        assert!(labels(text).matches_sorted(&empty), "{text}");
    }
    assert!(!LabelSelector::NOTHING.matches(|_| None) && LabelSelector::EVERYTHING.matches(|_| None));
}

#[test]
fn label_selectors_print_in_canonical_form() {
    for (text, printed) in [
        ("b=1,a==2", "a==2,b=1"),
        ("c in (z,a,z)", "c in (a,z)"),
        ("c in ()", "c in ()"),
        ("! x , y", "!x,y"),
        ("n>1,m<2", "m<2,n>1"),
        ("in notin (notin)", "in notin (notin)"),
        ("a!=", "a!="),
    ] {
        assert_eq!(labels(text).to_string(), printed);
    }
    assert_eq!(labels("a in (x),b=y").exact_value("a"), Some("x"));
    assert_eq!(labels("a in (x,y)").exact_value("a"), None);
}

#[test]
fn label_selectors_fail_with_the_known_words() {
    let (key, value) = ("k".repeat(64), "v".repeat(64));
    let requirement: Vec<(String, String)> = [
        ("a===b", "found '=', expected: identifier".to_owned()),
        ("i in ", "found '' expected: '('".to_owned()),
        ("a in =b", "found '=' expected: '('".to_owned()),
        ("a in b)", "found 'b' expected: '('".to_owned()),
        ("a in (b", "found '', expected: ',' or ')'".to_owned()),
        ("a in (b c)", "found 'c', expected: ',' or ')'".to_owned()),
        ("a in ((b))", "found '(', expected: ',', ')' or identifier".to_owned()),
        ("a in (,,)", "found ')', expected: ',', or identifier".to_owned()),
        ("a in (b,", "found '', expected: ',', or identifier".to_owned()),
        ("a b", "found 'b', expected: in, notin, =, ==, !=, gt, lt".to_owned()),
        ("a exists", "found 'exists', expected: in, notin, =, ==, !=, gt, lt".to_owned()),
        ("a!", "found '!', expected: in, notin, =, ==, !=, gt, lt".to_owned()),
        ("!!a", "found '!', expected: identifier".to_owned()),
        ("a>(1,2)", "found '(', expected: identifier".to_owned()),
        ("a>", "values[0]: Invalid value: \"\": for 'Gt', 'Lt' operators, the value must be an integer".to_owned()),
        ("a<x", "values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer".to_owned()),
        ("~bad~", format!("<nil>: Invalid value: \"~bad~\": {NAME_PART}")),
        ("a.b/=d", format!("<nil>: Invalid value: \"a.b/\": name part must be non-empty; {NAME_PART}")),
        ("a=-b", format!("values[0][a]: Invalid value: \"-b\": {LABEL_VALUE}")),
        ("a in (b,-c)", format!("values[0][a]: Invalid value: \"-c\": {LABEL_VALUE}")),
        ("a=é", format!("values[0][a]: Invalid value: \"é\": {LABEL_VALUE}")),
        (&key, format!("<nil>: Invalid value: \"{key}\": name part must be no more than 63 bytes")),
        (
            &format!("a={value}"),
            format!("values[0][a]: Invalid value: \"{value}\": must be no more than 63 bytes"),
        ),
        (
            "n>-1",
            format!("values[0][n]: Invalid value: \"-1\": {LABEL_VALUE}"),
        ),
        (
            "n>-x",
            format!("[values[0]: Invalid value: \"-x\": for 'Gt', 'Lt' operators, the value must be an integer, values[0][n]: Invalid value: \"-x\": {LABEL_VALUE}]"),
        ),
    ]
    .map(|(text, error)| (text.to_owned(), format!("unable to parse requirement: {error}")))
    .into();
    let whole = [
        ("=b", "found '=', expected: !, identifier, or 'end of string'"),
        ("((", "found '(', expected: !, identifier, or 'end of string'"),
        (",", "found ',', expected: !, identifier, or 'end of string'"),
        ("a,", "found '', expected: identifier after ','"),
        ("a,,b", "found ',', expected: identifier after ','"),
        ("a=b=c", "found '=', expected: ',' or 'end of string'"),
        ("a=b c", "found 'c', expected: ',' or 'end of string'"),
        ("!a=b", "found '=', expected: ',' or 'end of string'"),
    ]
    .map(|(text, error)| (text.to_owned(), error.to_owned()));
    for (text, error) in requirement.into_iter().chain(whole) {
        assert_eq!(LabelSelector::parse(&text).map_err(|error| error.to_string()), Err(error), "{text}");
    }
}

fn expression<'a>(key: &'a str, operator: &'a str, values: &[&'a str]) -> MatchExpression<'a> {
    MatchExpression { key, operator, values: values.to_vec() }
}

#[test]
fn selectors_of_objects() {
    let selector = LabelSelector::from_parts(
        [("a", "b")],
        [expression("c", "In", &["d"]), expression("e", "Exists", &[])],
    );
    assert_eq!(selector.unwrap().to_string(), "a=b,c in (d),e");
    assert!(LabelSelector::from_parts([], []).unwrap().is_everything());
    for (bad, error) in [
        (expression("c", "Gt", &["1"]), "\"Gt\" is not a valid label selector operator"),
        (
            expression("c", "In", &[]),
            "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty",
        ),
        (
            expression("c", "Exists", &["x"]),
            "values: Invalid value: [\"x\"]: values set must be empty for exists and does not exist",
        ),
    ] {
        assert_eq!(LabelSelector::from_parts([], [bad]).unwrap_err().to_string(), error);
    }
}

#[test]
fn selectors_of_objects_are_checked() {
    let path = Path::new("selector");
    let expressions =
        [expression("a", "In", &[]), expression("b", "Exists", &["x"]), expression("", "Bad", &["-"])];
    let errors = check_label_selector(&path, [("k", "-")], &expressions, false);
    let messages: Vec<String> = errors.iter().map(|error| error.message()).collect();
    assert_eq!(
        messages,
        [
            format!("selector.matchLabels: Invalid value: \"-\": {LABEL_VALUE}"),
            "selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'".to_owned(),
            "selector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'".to_owned(),
            "selector.matchExpressions[2].operator: Invalid value: \"Bad\": not a valid selector operator".to_owned(),
            "selector.matchExpressions[2].key: Invalid value: \"\": name part must be non-empty".to_owned(),
            format!("selector.matchExpressions[2].key: Invalid value: \"\": {NAME_PART}"),
            format!("selector.matchExpressions[2].values[0]: Invalid value: \"-\": {LABEL_VALUE}"),
        ]
    );
}

#[test]
fn field_selectors_match_and_print() {
    let lookup = |field: &str| match field {
        "metadata.name" => Some("a,b=c\\d"),
        "spec.nodeName" => Some(""),
        _ => None,
    };
    for (text, printed, matches) in [
        ("", "", true),
        (",", "", true),
        (r"metadata.name=a\,b\=c\\d", r"metadata.name=a\,b\=c\\d", true),
        ("metadata.name!=x,", "metadata.name!=x", true),
        ("spec.nodeName!=", "spec.nodeName!=", false),
        ("spec.nodeName==", "spec.nodeName=", true),
        ("z=1,absent=", "absent=,z=1", false),
        ("=", "=", true),
        ("a b>c=d", "a b>c=d", false),
    ] {
        let selector = FieldSelector::parse(text).unwrap();
        assert_eq!(selector.to_string(), printed, "{text}");
        assert_eq!(selector.matches(lookup), matches, "{text}");
    }
    let selector = FieldSelector::parse("metadata.name=x,spec.a!=y").unwrap();
    assert_eq!(selector.exact_value("metadata.name"), Some("x"));
    assert_eq!(selector.exact_value("spec.a"), None);
}

#[test]
fn field_selectors_fail_with_the_known_words() {
    for (text, error) in [
        ("foo", "invalid selector: 'foo'; can't understand 'foo'"),
        ("metadata.name in (a,b)", "invalid selector: 'metadata.name in (a,b)'; can't understand 'b)'"),
        ("!metadata.name", "invalid selector: '!metadata.name'; can't understand '!metadata.name'"),
        (r"a=\x", r"invalid field selector: invalid escape sequence: \x"),
        ("a=b\\", "invalid field selector: invalid escape sequence: \\"),
        ("a=b=c", "invalid field selector: unescaped character in value: 61"),
        ("a===b", "invalid field selector: unescaped character in value: 61"),
    ] {
        assert_eq!(FieldSelector::parse(text).unwrap_err().to_string(), error);
    }
}

/// Requirements with distinct, sorted values, as query strings give them.
fn requirement() -> impl Strategy<Value = Requirement> {
    use Operator::*;
    let key = "(x\\.io/)?[a-z]([a-z_.]{0,3}[a-z])?";
    let value = "([a-zA-Z0-9]([a-z_.-]{0,3}[0-9])?)?";
    let exact = prop::sample::select(vec![Equals, DoubleEquals, NotEquals]);
    let sets = (prop::sample::select(vec![In, NotIn]), prop::collection::btree_set(value, 1..4));
    let bounds = (prop::sample::select(vec![GreaterThan, LessThan]), 0..i64::MAX);
    let operands = prop_oneof![
        (exact, value).prop_map(|(operator, value)| (operator, vec![value])),
        sets.prop_map(|(operator, values)| (operator, values.into_iter().collect())),
        bounds.prop_map(|(operator, bound)| (operator, vec![bound.to_string()])),
        prop::sample::select(vec![Exists, DoesNotExist]).prop_map(|operator| (operator, vec![])),
    ];
    (key, operands).prop_map(|(key, (operator, values))| {
        Requirement::new(&key, operator, values.iter().map(String::as_str)).unwrap()
    })
}

proptest! {
    #[test]
    fn label_selectors_read_back(requirements in prop::collection::vec(requirement(), 0..5)) {
        let selector = LabelSelector::new(requirements);
        prop_assert_eq!(labels(&selector.to_string()), selector);
    }

    #[test]
    fn field_selectors_read_back(terms in prop::collection::vec(("[a-z.]{0,5}", any::<bool>(), "[a-c,=\\\\é]{0,5}"), 0..5)) {
        let mut requirements: Vec<FieldRequirement> = terms
            .into_iter()
            .map(|(field, equal, value)| FieldRequirement { field: field.into(), equal, value: value.into() })
            .collect();
        requirements.sort_by_key(|requirement| requirement.to_string());
        let selector = FieldSelector::new(requirements);
        prop_assert_eq!(FieldSelector::parse(&selector.to_string()), Ok(selector));
    }

    #[test]
    fn no_text_panics(text in "[a-z!=()<>, \\\\\0é]{0,30}") {
        let _ = (LabelSelector::parse(&text), FieldSelector::parse(&text));
    }
}
