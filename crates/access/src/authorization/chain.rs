//! Authorizers one after the other.

use std::sync::Arc;

use registry::User;

use super::{Answer, Attributes, Authorizer, Decision, RuleList};

/// Asks each authorizer in turn until one allows or denies; collects the reasons of those who do neither.
#[derive(Clone)]
pub struct Chain(Vec<Arc<dyn Authorizer>>);

impl Chain {
    /// In the order they are asked.
    pub fn new(authorizers: Vec<Arc<dyn Authorizer>>) -> Chain {
        Chain(authorizers)
    }
}

impl Authorizer for Chain {
    fn authorize<'a>(&'a self, attributes: &'a Attributes<'a>) -> Answer<'a, Decision> {
        Box::pin(async move {
            let mut reasons: Vec<String> = Vec::new();
            for authorizer in &self.0 {
                match authorizer.authorize(attributes).await {
                    Decision::NoOpinion(reason) if reason.is_empty() => {}
                    Decision::NoOpinion(reason) => reasons.push(reason),
                    decided => return decided,
                }
            }
            Decision::NoOpinion(reasons.join("\n"))
        })
    }

    fn rules(&self, user: &User, namespace: &str) -> RuleList {
        let mut all = RuleList::default();
        for authorizer in &self.0 {
            let mut list = authorizer.rules(user, namespace);
            all.rules.append(&mut list.rules);
            all.errors.append(&mut list.errors);
            all.incomplete |= list.incomplete;
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AlwaysAllow, AlwaysDeny, PrivilegedGroup};
    use super::*;
    use crate::users;

    #[tokio::test]
    async fn the_first_who_decides_wins_and_reasons_are_collected() {
        let nobody = User::default();
        let master = User { groups: vec![users::MASTERS.to_owned()], ..User::default() };
        let refusing =
            Chain::new(vec![Arc::new(PrivilegedGroup), Arc::new(AlwaysDeny), Arc::new(AlwaysDeny)]);
        let both = "Everything is forbidden.\nEverything is forbidden.";
        let asked = Attributes::resource(&nobody, "get", "", "pods");
        assert_eq!(refusing.authorize(&asked).await, Decision::NoOpinion(both.to_owned()));
        assert!(refusing.authorize(&Attributes { user: &master, ..asked }).await.is_allowed());
        let allowing = Chain::new(vec![Arc::new(AlwaysDeny), Arc::new(AlwaysAllow)]);
        assert!(allowing.authorize(&asked).await.is_allowed());
    }
}
