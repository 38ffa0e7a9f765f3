use meta::time::{ManualClock, Time};

use super::*;
use crate::authentication::TokenFile;
use crate::testing::{Objects, grant, parse, rbac, user};

const SUBJECT: &str = r#"{"kind":"User","name":"jane"}"#;

fn reviews() -> Reviews {
    let objects = Arc::new(Objects::default());
    let rules = r#"[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]},{"verbs":["get"],"nonResourceURLs":["/x"]}]"#;
    grant(&objects, "", "r", SUBJECT, rules);
    let own = vec!["api".to_owned()];
    let file = TokenFile::new("t,bob,bob-uid,dev", own.clone()).expect("the file is good");
    let tokens = Arc::new(Tokens::new(vec![Arc::new(file)], own));
    Reviews::new(rbac(&objects), tokens, Arc::new(ManualClock::new(Time::from_unix(0))))
}

/// The status, or the message of the refusal.
fn told(answer: status::Result<object::Value>) -> Result<object::Value, String> {
    answer.map(|value| value.get("status").cloned().unwrap_or_default()).map_err(|status| status.message)
}

#[tokio::test]
async fn access_reviews_are_answered() {
    let allowed = r#"{"allowed":true,"reason":"RBAC: allowed by ClusterRoleBinding \"r\" of ClusterRole \"r\" to User \"jane\""}"#;
    for (spec, status) in [
        (r#"{"user":"jane","resourceAttributes":{"verb":"get","resource":"pods"}}"#, allowed),
        (
            r#"{"user":"jane","resourceAttributes":{"verb":"get","resource":"pods","subresource":"log"}}"#,
            r#"{"allowed":false}"#,
        ),
        (r#"{"user":"jane","nonResourceAttributes":{"verb":"get","path":"/x"}}"#, allowed),
        (r#"{"groups":["dev"],"nonResourceAttributes":{}}"#, r#"{"allowed":false}"#),
        (
            r#"{"user":"x","resourceAttributes":{"labelSelector":{"rawSelector":"a b c !!"},"fieldSelector":{"requirements":[{"key":"a","operator":"In","values":["b"]},{"key":"a","operator":"Near"}]}}}"#,
            r#"{"allowed":false,"evaluationError":"spec.resourceAttributes.fieldSelector partially ignored due to parse error; spec.resourceAttributes.labelSelector ignored due to parse error"}"#,
        ),
    ] {
        let review = parse(&format!(r#"{{"metadata":{{}},"spec":{spec}}}"#));
        assert_eq!(told(reviews().subject_access(review.clone()).await), Ok(parse(status)), "{spec}");
        let local = parse(&format!(r#"{{"metadata":{{"namespace":"ns"}},"spec":{spec}}}"#));
        let told = told(reviews().local_subject_access("ns", local).await).err().unwrap_or_default();
        let why = if spec.contains("nonResource") {
            "disallowed on this kind of request"
        } else {
            "must match metadata.namespace"
        };
        assert!(told.ends_with(why), "{told}");
    }
    let own = parse(r#"{"spec":{"resourceAttributes":{"verb":"get","resource":"pods"}}}"#);
    assert_eq!(told(reviews().self_subject_access(&user("jane", &[]), own).await), Ok(parse(allowed)));
}

#[tokio::test]
async fn access_reviews_are_checked() {
    let both = r#"spec.nonResourceAttributes: Invalid value: {"Path":"/","Verb":""}: cannot be specified in combination with resourceAttributes"#;
    let neither = "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified";
    let nobody = r#"spec.user: Invalid value: "": at least one of user or group must be specified"#;
    let label = |requirement: &str| {
        format!(
            r#"{{"user":"x","resourceAttributes":{{"labelSelector":{{"requirements":[{requirement}]}}}}}}"#
        )
    };
    let at = "spec.resourceAttributes.labelSelector";
    for (metadata, spec, message) in [
        ("{}", "{}".to_owned(), format!("[{neither}, {nobody}]")),
        ("{}", r#"{"user":"x","resourceAttributes":{},"nonResourceAttributes":{"path":"/"}}"#.to_owned(), both.to_owned()),
        (
            r#"{"name":"x","labels":{"a":"b"},"managedFields":[{"fieldsV1":{},"manager":"m"}]}"#,
            r#"{"user":"x","resourceAttributes":{}}"#.to_owned(),
            r#"metadata: Invalid value: {"name":"x","labels":{"a":"b"},"managedFields":[{"manager":"m","fieldsV1":{}}]}: must be empty"#.to_owned(),
        ),
        (
            "{}",
            r#"{"user":"x","resourceAttributes":{"labelSelector":{}}}"#.to_owned(),
            format!("{at}.requirements: Required value: when {at} is specified, requirements or rawSelector is required"),
        ),
        (
            "{}",
            r#"{"user":"x","resourceAttributes":{"labelSelector":{"rawSelector":"a","requirements":[{"key":"a","operator":"Exists"}]}}}"#.to_owned(),
            format!(r#"{at}.rawSelector: Invalid value: "a": may not specified at the same time as requirements"#),
        ),
        (
            "{}",
            label(r#"{"key":"a","operator":"In"}"#),
            format!("{at}.requirements[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"),
        ),
        (
            "{}",
            label(r#"{"key":"a","operator":"Exists","values":["b"]}"#),
            format!("{at}.requirements[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
        ),
    ] {
        let review = parse(&format!(r#"{{"metadata":{metadata},"spec":{spec}}}"#));
        let refusal = told(reviews().subject_access(review).await);
        assert_eq!(refusal, Err(format!(".authorization.k8s.io \"\" is invalid: {message}")), "{spec}");
    }
}

#[test]
fn rules_reviews_list_what_may_be_done() {
    let asked = parse(r#"{"metadata":{"name":"x"},"spec":{"namespace":"ns"}}"#);
    let expected = r#"{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectRulesReview","metadata":{},"spec":{},
        "status":{"incomplete":false,"nonResourceRules":[{"verbs":["get"],"nonResourceURLs":["/x"]}],
        "resourceRules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]}}"#;
    assert_eq!(reviews().self_subject_rules(&user("jane", &[]), &asked), Ok(parse(expected)));
    let refusal = reviews().self_subject_rules(&user("jane", &[]), &parse(r#"{"spec":{}}"#)).err();
    assert_eq!(refusal.map(|status| status.message).as_deref(), Some("no namespace on request"));
}

#[test]
fn a_self_subject_review_says_who_one_is() {
    let jane =
        registry::User { extra: vec![("k".to_owned(), vec!["v".to_owned()])], ..user("jane", &["dev"]) };
    let expected = r#"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview",
        "metadata":{"creationTimestamp":"1970-01-01T00:00:00Z"},
        "status":{"userInfo":{"username":"jane","groups":["dev"],"extra":{"k":["v"]}}}}"#;
    assert_eq!(reviews().self_subject(&jane), parse(expected));
}

#[tokio::test]
async fn token_reviews_say_whose_a_token_is() {
    let good = r#"{"authenticated":true,"audiences":["api"],"user":{"username":"bob","uid":"bob-uid","groups":["dev","system:authenticated"]}}"#;
    let wrong = r#"{"user":{},"error":"invalid bearer token"}"#;
    for (spec, status) in [
        (r#"{"token":"t"}"#, Ok(good)),
        (r#"{"token":"t","audiences":["x","api"]}"#, Ok(good)),
        (r#"{"token":"t","audiences":["x"]}"#, Ok(wrong)),
        (r#"{"token":"x"}"#, Ok(wrong)),
        (r#"{"token":""}"#, Err("token is required for TokenReview in authentication")),
    ] {
        let review = parse(&format!(r#"{{"metadata":{{}},"spec":{spec}}}"#));
        let told = told(reviews().token(review).await);
        assert_eq!(told, status.map(parse).map_err(str::to_owned), "{spec}");
    }
}
