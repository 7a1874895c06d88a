//! What holds in an account and stands in no code. Whoever knows it says it once, and it counts where the code itself
//! says nothing.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::source::Span;

/// Everything that is said of the world outside the code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outside {
    /// VPC Block Public Access of the account.
    pub public_access: Option<Said<PublicAccessMode>>,
    /// Whether the account's default asks for a token at the instance metadata service.
    pub metadata_tokens: Option<Said<Tokens>>,
    /// How many hops a metadata token travels by the account's default, 1 to 64.
    pub metadata_hop_limit: Option<Said<i64>>,
    /// Machine images by pattern of their id, name or stored parameter; the first that fits counts.
    pub images: Vec<(String, ImageSupport)>,
    /// The public addresses that others admit; `None`: nothing is said of them.
    pub admitted: Option<Vec<IpNet>>,
}

/// A fact, and where somebody says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    pub value: T,
    /// The file that says it, as messages name it.
    pub by: String,
    pub at: Option<Span>,
}

/// What VPC Block Public Access closes.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicAccessMode {
    Off,
    /// Nothing comes in or goes out.
    Bidirectional,
    /// Only what NAT gateways and egress-only gateways let out passes, and its answers.
    Ingress,
}

/// Whether the instance metadata service answers without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tokens {
    Required,
    Optional,
}

/// What an image says of the metadata service of instances that are launched from it.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageSupport {
    /// `imds_support` is `v2.0`: a token is required, and travels two hops.
    V2,
    /// It says nothing.
    None,
}

impl PublicAccessMode {
    /// Reads the API's word.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "off" => Some(Self::Off),
            "block-bidirectional" => Some(Self::Bidirectional),
            "block-ingress" => Some(Self::Ingress),
            _ => None,
        }
    }
}

impl Tokens {
    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
        }
    }
}

impl Outside {
    /// Whether others admit this public address; `None` where nobody says whom they admit.
    pub fn admits(&self, address: IpAddr) -> Option<bool> {
        self.admitted.as_ref().map(|blocks| blocks.iter().any(|block| block.contains(&address)))
    }

    /// What is said here, and where that is nothing, what `general` says.
    #[must_use]
    pub fn or(mut self, general: &Self) -> Self {
        self.public_access = self.public_access.or_else(|| general.public_access.clone());
        self.metadata_tokens = self.metadata_tokens.or_else(|| general.metadata_tokens.clone());
        self.metadata_hop_limit = self.metadata_hop_limit.or_else(|| general.metadata_hop_limit.clone());
        self.images.extend(general.images.iter().cloned());
        self.admitted = self.admitted.or_else(|| general.admitted.clone());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_nothing_admits_nobody_and_refuses_nobody() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(Outside::default().admits(address("203.0.113.7")), None);
        let admitted = Some(vec!["203.0.113.0/28".parse().unwrap(), "2001:db8::/64".parse().unwrap()]);
        let outside = Outside { admitted, ..Outside::default() };
        assert_eq!(outside.admits(address("203.0.113.7")), Some(true));
        assert_eq!(outside.admits(address("203.0.113.16")), Some(false));
        assert_eq!(outside.admits(address("2001:db8::1")), Some(true));
    }

    #[test]
    fn what_is_said_of_a_folder_goes_first() {
        let mode = |value| Some(Said { value, by: "a".to_owned(), at: None });
        let general = Outside {
            public_access: mode(PublicAccessMode::Ingress),
            images: vec![("al2023-*".to_owned(), ImageSupport::V2)],
            ..Outside::default()
        };
        let here = Outside { public_access: mode(PublicAccessMode::Off), ..Outside::default() };
        let both = here.or(&general);
        assert_eq!(both.public_access.map(|it| it.value), Some(PublicAccessMode::Off));
        assert_eq!(both.images, general.images);
    }
}
