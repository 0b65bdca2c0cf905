//! Who may connect to whom. An L4 proxy knows the two identities and the port, and nothing of what
//! is said: a rule about paths or methods needs an L7 proxy.

use crate::identity::Identity;

/// What a policy looks at.
#[derive(Debug, Clone)]
pub struct Connection<'a> {
    pub source: &'a Identity,
    pub destination_port: u16,
}

/// A rule matches when each of its lists is empty or has a match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    pub identities: Vec<Identity>,
    pub namespaces: Vec<String>,
    pub ports: Vec<u16>,
}

impl Rule {
    pub fn matches(&self, connection: &Connection<'_>) -> bool {
        fn any<T>(list: &[T], test: impl Fn(&T) -> bool) -> bool {
            list.is_empty() || list.iter().any(test)
        }
        any(&self.identities, |identity| identity == connection.source)
            && any(&self.namespaces, |name| name == connection.source.namespace())
            && any(&self.ports, |port| *port == connection.destination_port)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Allow,
    Deny,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub action: Action,
    pub rules: Vec<Rule>,
}

/// Decides. A denial that matches wins; then, when there are permissions at all, one must match.
pub fn allowed(policies: &[Policy], connection: &Connection<'_>) -> bool {
    let matches = |policy: &&Policy| policy.rules.iter().any(|rule| rule.matches(connection));
    let of = |action| policies.iter().filter(move |policy| policy.action == action);
    if of(Action::Deny).any(|policy| matches(&policy)) {
        return false;
    }
    of(Action::Allow).next().is_none() || of(Action::Allow).any(|policy| matches(&policy))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(action: Action, namespace: &str) -> Policy {
        let rule = Rule { namespaces: vec![namespace.to_owned()], ..Rule::default() };
        Policy { action, rules: vec![rule] }
    }

    #[test]
    fn denial_wins() {
        let web = Identity::new("cluster.local", "shop", "web");
        let connection = Connection { source: &web, destination_port: 80 };
        assert!(allowed(&[], &connection));
        assert!(allowed(&[policy(Action::Allow, "shop")], &connection));
        assert!(!allowed(&[policy(Action::Allow, "bank")], &connection));
        let both = [policy(Action::Allow, "shop"), policy(Action::Deny, "shop")];
        assert!(!allowed(&both, &connection));
    }
}
