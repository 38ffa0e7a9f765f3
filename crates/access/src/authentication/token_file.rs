//! Tokens from a file (`--token-auth-file`): lines of token, user, uid and, quoted if there are several, groups.
//!
//! Source: "Static token file" in "Authenticating" of the Kubernetes documentation.

use std::collections::HashMap;
use std::future::ready;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use registry::User;

use super::csv;
use super::token::{TokenAuthenticator, TokenUser, TokenVerdict, intersect};
use crate::authorization::Answer;
use crate::users;

/// Knows the tokens of a file. They are good for the server's own audiences.
///
/// Tokens are kept and found by their SHA-256 digests, so that how long a search takes says nothing about them.
pub struct TokenFile {
    users: HashMap<Vec<u8>, Arc<User>>,
    audiences: Vec<String>,
}

impl TokenFile {
    /// Of the file's text. The error says what is wrong with it, without its tokens.
    pub fn new(text: &str, audiences: Vec<String>) -> Result<TokenFile, String> {
        let mut users = HashMap::new();
        for (number, record) in csv::records(text)?.into_iter().enumerate() {
            let [token, name, uid, rest @ ..] = record.as_slice() else {
                let (line, found) = (number + 1, record.len());
                return Err(format!(
                    "record {line} must have at least 3 columns (token, user name, user uid), found {found}"
                ));
            };
            if token.is_empty() {
                continue;
            }
            let groups = rest.first().filter(|groups| !groups.is_empty());
            let user = User {
                name: name.clone(),
                uid: uid.clone(),
                groups: groups
                    .map(|groups| groups.split(',').map(str::to_owned).collect())
                    .unwrap_or_default(),
                extra: Vec::new(),
            };
            let mut user = Arc::new(user);
            users::ensure_authenticated(&mut user);
            users.insert(key(token), user);
        }
        Ok(TokenFile { users, audiences })
    }
}

fn key(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}

impl TokenAuthenticator for TokenFile {
    fn authenticate_token<'a>(&'a self, token: &'a str, audiences: &'a [String]) -> Answer<'a, TokenVerdict> {
        let audiences = intersect(audiences, &self.audiences);
        let verdict = match self.users.get(&key(token)) {
            Some(user) if !audiences.is_empty() => {
                TokenVerdict::Good(TokenUser { user: user.clone(), audiences })
            }
            _ => TokenVerdict::Unknown,
        };
        Box::pin(ready(verdict))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::user;

    const FILE: &str = "admin-token,admin,admin-uid,\"system:masters\"\n\nalice-token,alice,alice-uid,\"dev,qa\"\r\n\
                        bob-token,bob,bob-uid\n,nobody,x\n";

    #[tokio::test]
    async fn tokens_are_good_for_the_servers_audiences() {
        let own = vec!["https://api".to_owned()];
        let file = TokenFile::new(FILE, own.clone()).expect("the file is good");
        for (token, name, groups) in [
            ("admin-token", "admin", &["system:masters", "system:authenticated"][..]),
            ("alice-token", "alice", &["dev", "qa", "system:authenticated"]),
            ("bob-token", "bob", &["system:authenticated"]),
        ] {
            match file.authenticate_token(token, &own).await {
                TokenVerdict::Good(found) => {
                    assert_eq!(*found.user, User { uid: format!("{name}-uid"), ..user(name, groups) });
                    assert_eq!(found.audiences, own);
                }
                other => panic!("{token}: {other:?}"),
            }
        }
        for (token, audience) in [("", "https://api"), ("bob", "https://api"), ("bob-token", "x")] {
            let verdict = file.authenticate_token(token, &[audience.to_owned()]).await;
            assert_eq!(verdict, TokenVerdict::Unknown, "{token} {audience}");
        }
    }

    #[test]
    fn short_records_are_refused_without_showing_them() {
        let error = TokenFile::new("a,b,c\nsecret,b\n", Vec::new()).err().unwrap_or_default();
        assert!(error.contains("found 2") && !error.contains("secret"), "{error}");
    }
}
