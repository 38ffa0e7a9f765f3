//! Posts that ask about access, or for a token: each is carried out by who knows the answer.

use std::sync::Arc;

use ::access::authentication::Tokens;
use ::access::authorization::Authorizer;
use ::access::review::Reviews;
use ::access::service_account::{TokenIssuer, TokenTarget};
use meta::SystemClock;
use object::Value;
use registry::{BoxFuture, Creator, Registry, Request, Warnings, WriteOptions};
use status::{Result, Status};

/// Has reviews answered by `authorizer` and `tokens`, and token requests by `issuer`.
pub(super) fn register(
    registry: &Registry,
    authorizer: Arc<dyn Authorizer>,
    tokens: Arc<Tokens>,
    issuer: Arc<TokenIssuer>,
) {
    let reviews = Arc::new(Reviews::new(authorizer, tokens, Arc::new(SystemClock)));
    for (group, plural, question) in QUESTIONS {
        let review = Review { reviews: Arc::clone(&reviews), question: *question };
        registry.set_creator(group, plural, "", Arc::new(review));
    }
    registry.set_creator("", "serviceaccounts", "token", Arc::new(TokenRequests(issuer)));
}

/// What a review asks.
#[derive(Clone, Copy)]
enum Question {
    AnybodysAccess,
    LocalAccess,
    OwnAccess,
    OwnRules,
    OwnIdentity,
    Token,
}

const QUESTIONS: &[(&str, &str, Question)] = &[
    ("authorization.k8s.io", "subjectaccessreviews", Question::AnybodysAccess),
    ("authorization.k8s.io", "localsubjectaccessreviews", Question::LocalAccess),
    ("authorization.k8s.io", "selfsubjectaccessreviews", Question::OwnAccess),
    ("authorization.k8s.io", "selfsubjectrulesreviews", Question::OwnRules),
    ("authentication.k8s.io", "selfsubjectreviews", Question::OwnIdentity),
    ("authentication.k8s.io", "tokenreviews", Question::Token),
];

struct Review {
    reviews: Arc<Reviews>,
    question: Question,
}

impl Creator for Review {
    fn create<'a>(
        &'a self,
        _registry: &'a Registry,
        request: &'a Request,
        object: Value,
        _options: &'a WriteOptions,
        _warnings: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<Value>> {
        Box::pin(async move {
            let (reviews, user) = (&self.reviews, &request.user);
            match self.question {
                Question::AnybodysAccess => reviews.subject_access(object).await,
                Question::LocalAccess => reviews.local_subject_access(&request.namespace, object).await,
                Question::OwnAccess => reviews.self_subject_access(user, object).await,
                Question::OwnRules => reviews.self_subject_rules(user, &object),
                Question::OwnIdentity => Ok(reviews.self_subject(user)),
                Question::Token => reviews.token(object).await,
            }
        })
    }
}

struct TokenRequests(Arc<TokenIssuer>);

/// How long a token lasts unless the request says otherwise, in seconds.
const EXPIRATION: i64 = 3600;

impl Creator for TokenRequests {
    fn default(&self, object: &mut Value) {
        let spec = object.object_at("spec");
        if spec.get("expirationSeconds").is_none_or(Value::is_null) {
            spec.insert("expirationSeconds", EXPIRATION);
        }
    }

    fn create<'a>(
        &'a self,
        _registry: &'a Registry,
        request: &'a Request,
        object: Value,
        _options: &'a WriteOptions,
        warnings: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<Value>> {
        Box::pin(async move {
            let issuer = Arc::clone(&self.0);
            let (namespace, name) = (request.namespace.clone(), request.name.clone());
            // Signing keeps a thread busy for about a millisecond.
            let signed = tokio::task::spawn_blocking(move || {
                let mut warnings = Warnings::default();
                let target = TokenTarget { namespace: &namespace, name: &name };
                issuer.create(target, object, &mut warnings).map(|token| (token, warnings))
            });
            let (token, found) = signed.await.map_err(Status::internal)??;
            found.texts().iter().for_each(|text| warnings.add(text));
            Ok(token)
        })
    }
}
