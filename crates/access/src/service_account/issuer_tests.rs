use meta::SystemRandomness;
use meta::time::ManualClock;

use super::*;
use crate::authentication::{TokenUser, Tokens};
use crate::service_account::{LegacyTokens, ServiceAccountTokens};
use crate::testing::{Objects, parse};

const OWN: &str = "https://kubernetes.default.svc";

/// A server's issuer and authenticators over the same objects, clock and key.
struct World {
    objects: Arc<Objects>,
    clock: Arc<ManualClock>,
    issuer: TokenIssuer,
    tokens: Tokens,
    legacy_key: SigningKey,
}

impl World {
    fn new() -> World {
        let objects = Arc::new(Objects::default());
        let clock = Arc::new(ManualClock::new(Time::from_unix(1_000_000)));
        let (key, legacy_key) = (SigningKey::generate(), SigningKey::generate());
        let (key, legacy_key) = (key.expect("keys can be made"), legacy_key.expect("keys can be made"));
        let own = vec![OWN.to_owned()];
        let options = IssuerOptions {
            issuer: OWN.to_owned(),
            audiences: own.clone(),
            max_expiration: Some(1 << 30),
            extend_expiration: true,
        };
        let keys = vec![key.public().clone(), legacy_key.public().clone()];
        let legacy = LegacyTokens::new(keys.clone(), own.clone(), objects.clone(), true);
        let bound = ServiceAccountTokens::new(keys, own.clone(), own.clone(), objects.clone(), clock.clone());
        let issuer =
            TokenIssuer::new(key, options, objects.clone(), clock.clone(), Arc::new(SystemRandomness));
        let tokens = Tokens::new(vec![Arc::new(legacy), Arc::new(bound)], own);
        let world = World { objects, clock, issuer, tokens, legacy_key };
        world.put("serviceaccounts", "s", "");
        world
    }

    /// An object of namespace `ns` with a uid made of its plural.
    fn put(&self, resource: &str, name: &str, rest: &str) {
        let namespace = if resource == "nodes" { "" } else { r#","namespace":"ns""# };
        let metadata = format!(r#""metadata":{{"name":"{name}"{namespace},"uid":"{resource}-uid"}}"#);
        self.objects.put(resource, &format!("{{{metadata}{rest}}}"));
    }

    fn create(&self, request: &str) -> Result<Value> {
        let target = TokenTarget { namespace: "ns", name: "s" };
        self.issuer.create(target, parse(request), &mut Warnings::default())
    }

    fn token(&self, spec: &str) -> String {
        let answer = self.create(&format!(r#"{{"spec":{spec}}}"#)).expect("the request is good");
        answer.str_at(["status", "token"]).to_owned()
    }

    async fn authenticate(&self, token: &str) -> Result<TokenUser, String> {
        self.tokens.authenticate(token, self.tokens.audiences()).await
    }
}

#[test]
fn a_request_is_answered_with_everything_filled_in() {
    let world = World::new();
    let mut answer = world.create("{}").expect("the request is good");
    let token = answer.object_at("status").remove("token");
    assert!(token.is_some_and(|token| token.as_str().is_some_and(|token| token.split('.').count() == 3)));
    let expected = format!(
        r#"{{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest",
            "metadata":{{"name":"s","namespace":"ns","uid":"serviceaccounts-uid","creationTimestamp":"1970-01-12T13:46:40Z"}},
            "spec":{{"audiences":["{OWN}"],"expirationSeconds":3600,"boundObjectRef":null}},
            "status":{{"expirationTimestamp":"1970-01-12T14:46:40Z"}}}}"#
    );
    assert_eq!(answer, parse(&expected));
}

#[test]
fn bad_requests_are_refused() {
    let world = World::new();
    world.put("pods", "p", r#","spec":{"serviceAccountName":"other"}"#);
    world.put("secrets", "x", "");
    let bound = |reference: &str| format!(r#"{{"spec":{{"boundObjectRef":{reference}}}}}"#);
    let lasts = |seconds: i64| format!(r#"{{"spec":{{"expirationSeconds":{seconds}}}}}"#);
    let invalid =
        r#"TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: "#;
    for (request, code, message) in [
        (r#"{"metadata":{"name":"other"}}"#.to_owned(), 422, r#"TokenRequest.authentication.k8s.io "s" is invalid: metadata.name: Invalid value: "other": must match the service account name if specified"#.to_owned()),
        (r#"{"metadata":{"uid":"u"}}"#.to_owned(), 409, r#"Operation cannot be fulfilled on TokenRequest.authentication.k8s.io "s": the UID in the token request (u) does not match the UID of the service account (serviceaccounts-uid)"#.to_owned()),
        (lasts(599), 422, format!("{invalid}599: may not specify a duration less than 10 minutes")),
        (lasts(1 << 33), 422, format!("{invalid}8589934592: may not specify a duration larger than 2^32 seconds")),
        (bound(r#"{"kind":"Pod","apiVersion":"v1","name":"p"}"#), 400, r#"cannot bind token for serviceaccount "s" to pod running with different serviceaccount name."#.to_owned()),
        (bound(r#"{"kind":"Pod","apiVersion":"v1","name":"q"}"#), 404, r#"pods "q" not found"#.to_owned()),
        (bound(r#"{"kind":"Job","apiVersion":"batch/v1","name":"q"}"#), 400, "cannot bind token to object of type batch/v1, Kind=Job".to_owned()),
        (bound(r#"{"kind":"Secret","apiVersion":"v1","name":"x","uid":"wrong"}"#), 409, r#"Operation cannot be fulfilled on Secret "x": the UID in the bound object reference (wrong) does not match the UID in record. The object might have been deleted and then recreated"#.to_owned()),
    ] {
        let refusal = world.create(&request).err().map(|status| (status.code, status.message));
        assert_eq!(refusal, Some((code, message)), "{request}");
    }
    let target = TokenTarget { namespace: "ns", name: "none" };
    let refusal = world.issuer.create(target, Value::object(), &mut Warnings::default()).err();
    assert_eq!(refusal.map(|status| status.message).as_deref(), Some(r#"serviceaccounts "none" not found"#));
}

#[test]
fn the_longest_expiration_is_limited_with_a_warning() {
    let world = World::new();
    let mut warnings = Warnings::default();
    let request = parse(r#"{"spec":{"expirationSeconds":4294967296}}"#);
    let target = TokenTarget { namespace: "ns", name: "s" };
    let answer = world.issuer.create(target, request, &mut warnings).expect("the request is good");
    assert_eq!(answer.at(["spec", "expirationSeconds"]), Some(&Value::Int(1 << 30)));
    assert_eq!(
        warnings.texts(),
        ["requested expiration of 4294967296 seconds shortened to 1073741824 seconds"]
    );
}

#[tokio::test]
async fn a_token_makes_its_service_account_with_what_it_is_bound_to() {
    let world = World::new();
    world.put("pods", "p", r#","spec":{"serviceAccountName":"s","nodeName":"n"}"#);
    world.put("secrets", "x", "");
    for (has_node, reference, keys) in [
        (false, "null", &["credential-id"][..]),
        (false, r#"{"kind":"Secret","apiVersion":"v1","name":"x"}"#, &["credential-id"]),
        (
            false,
            r#"{"kind":"Pod","apiVersion":"v1","name":"p"}"#,
            &["credential-id", "node-name", "pod-name", "pod-uid"],
        ),
        (
            true,
            r#"{"kind":"Pod","apiVersion":"v1","name":"p"}"#,
            &["credential-id", "node-name", "node-uid", "pod-name", "pod-uid"],
        ),
        (
            true,
            r#"{"kind":"Node","apiVersion":"v1","name":"n"}"#,
            &["credential-id", "node-name", "node-uid"],
        ),
    ] {
        if has_node {
            world.put("nodes", "n", "");
        }
        let token = world.token(&format!(r#"{{"boundObjectRef":{reference}}}"#));
        let found = world.authenticate(&token).await.expect("the token is good");
        let groups = ["system:serviceaccounts", "system:serviceaccounts:ns", "system:authenticated"];
        assert_eq!(found.user.groups, groups);
        assert_eq!(
            (found.user.name.as_str(), found.user.uid.as_str()),
            ("system:serviceaccount:ns:s", "serviceaccounts-uid")
        );
        let extra: Vec<&str> = found
            .user
            .extra
            .iter()
            .filter_map(|(key, _)| key.strip_prefix("authentication.kubernetes.io/"))
            .collect();
        assert_eq!(extra, keys, "{reference}");
    }
}

#[tokio::test]
async fn a_token_is_good_for_its_audiences_only() {
    let world = World::new();
    let token = world.token(r#"{"audiences":["vault"]}"#);
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let error =
        r#"[invalid bearer token, token audiences ["vault"] is invalid for the target audiences ["x"]]"#;
    assert_eq!(world.tokens.authenticate(&token, &texts(&["x"])).await, Err(error.to_owned()));
    let good = world.tokens.authenticate(&token, &texts(&["x", "vault"])).await.map(|found| found.audiences);
    assert_eq!(good, Ok(texts(&["vault"])));
    assert!(world.authenticate(&token).await.is_err());
}

#[tokio::test]
async fn a_token_ends_with_its_time_or_with_what_it_is_bound_to() {
    let world = World::new();
    world.put("secrets", "x", "");
    world.put("nodes", "n", "");
    let plain = world.token("{}");
    let secret = world.token(r#"{"boundObjectRef":{"kind":"Secret","apiVersion":"v1","name":"x"}}"#);
    let node = world.token(r#"{"boundObjectRef":{"kind":"Node","apiVersion":"v1","name":"n"}}"#);
    for token in [&plain, &secret, &node] {
        assert!(world.authenticate(token).await.is_ok());
    }
    world.objects.remove("secrets", "ns", "x");
    world.objects.put("nodes", r#"{"metadata":{"name":"n","uid":"again"}}"#);
    world.objects.put("serviceaccounts", r#"{"metadata":{"namespace":"ns","name":"s","uid":"again"}}"#);
    let errors = |error: &str| Err(format!("[invalid bearer token, {error}]"));
    let recreated = "service account UID (again) does not match claim (serviceaccounts-uid)";
    assert_eq!(world.authenticate(&plain).await, errors(recreated));
    world.put("serviceaccounts", "s", "");
    let gone = "service account token has been invalidated";
    assert_eq!(world.authenticate(&secret).await, errors(gone));
    let other_node = "node UID (again) does not match service account node ref claim (nodes-uid)";
    assert_eq!(world.authenticate(&node).await, errors(other_node));
    world.clock.set(Time::from_unix(1_000_000 + 3661));
    assert_eq!(world.authenticate(&plain).await, errors("service account token has expired"));
    world.objects.remove("serviceaccounts", "ns", "s");
    world.clock.set(Time::from_unix(1_000_000));
    assert_eq!(world.authenticate(&plain).await, errors(r#"serviceaccounts "s" not found"#));
}

#[tokio::test]
async fn tokens_of_pods_are_extended() {
    let world = World::new();
    world.put("pods", "p", r#","spec":{"serviceAccountName":"s"}"#);
    let bound = r#""boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"p"}"#;
    let extended = world.token(&format!(r#"{{"expirationSeconds":3607,{bound}}}"#));
    let plain = world.token(r#"{"expirationSeconds":3607}"#);
    world.clock.set(Time::from_unix(1_000_000 + 100_000));
    assert!(world.authenticate(&extended).await.is_ok());
    assert!(world.authenticate(&plain).await.is_err());
}

#[tokio::test]
async fn a_secret_holds_a_token_that_is_good_as_long_as_it_does() {
    let world = World::new();
    let claims = |name: &str| {
        parse(&format!(
            r#"{{"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:ns:{name}",
                "kubernetes.io/serviceaccount/namespace":"ns","kubernetes.io/serviceaccount/secret.name":"x",
                "kubernetes.io/serviceaccount/service-account.name":"s","kubernetes.io/serviceaccount/service-account.uid":"serviceaccounts-uid"}}"#
        ))
    };
    let sign = |name| jwt::sign(&world.legacy_key, &claims(name)).expect("it signs");
    let token = sign("s");
    let put = |token: &str, labels: &str| {
        use base64::Engine;
        let data = base64::engine::general_purpose::STANDARD.encode(token);
        let object =
            format!(r#"{{"metadata":{{"namespace":"ns","name":"x"{labels}}},"data":{{"token":"{data}"}}}}"#);
        world.objects.put("secrets", &object);
    };
    let error = |result: Result<TokenUser, String>| result.err().unwrap_or_default();
    assert!(error(world.authenticate(&token).await).contains("Token has been invalidated"));
    put(&token, "");
    let found = world.authenticate(&token).await.expect("the token is good");
    assert_eq!(found.user.name, "system:serviceaccount:ns:s");
    put("another", "");
    assert!(error(world.authenticate(&token).await).contains("Token does not match server's copy"));
    put(&token, r#","labels":{"kubernetes.io/legacy-token-invalid-since":"2026-01-01"}"#);
    assert!(error(world.authenticate(&token).await).contains("has been marked invalid"));
    assert!(error(world.authenticate(&sign("t")).await).contains("sub claim is invalid"));
}
