//! Timeouts of AWS's own, in seconds, each with its source. Read on 2026-11-21.

use crate::outside::ImageSupport;

/// What a NAT gateway remembers of a silent connection.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html>
pub const NAT_IDLE: i64 = 350;

/// What a Gateway Load Balancer, and so an endpoint of one, remembers, where its listener says nothing.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/gateway-load-balancers.html>
pub const GATEWAY_LOAD_BALANCER_IDLE: i64 = 350;

/// What a TCP listener of a network load balancer remembers, where it says nothing.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html>
pub const NETWORK_LISTENER_IDLE: i64 = 350;

/// How long an application load balancer waits for either side, where it says nothing.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html>
pub const APPLICATION_IDLE: i64 = 60;

/// How long an interface of a Nitro v6 instance tracks an established connection that is silent.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>
pub const TRACKED_BY_NITRO_V6: i64 = 350;

/// How long any other does: five days.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>
pub const TRACKED: i64 = 432_000;

/// How long a REST API waits for its integration, where it says nothing, and an edge-optimised one at most, in
/// milliseconds. <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html>
pub const REST_INTEGRATION: i64 = 29_000;

/// How long a WebSocket API waits, at most, in milliseconds.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html>
pub const WEBSOCKET_INTEGRATION: i64 = 29_000;

/// How long an HTTP API waits, at most, in milliseconds.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub const HTTP_INTEGRATION: i64 = 30_000;

/// How long a function runs, where it says nothing.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html>
pub const FUNCTION: i64 = 3;

/// How long `CloudFront` waits for an origin's answer, where the distribution says nothing.
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html>
pub const ORIGIN_READ: i64 = 30;

/// After how long a silence Linux sends its first keep-alive, where nothing sets it.
/// <https://docs.kernel.org/networking/ip-sysctl.html>
pub const LINUX_KEEPALIVE: i64 = 7_200;

/// How far a metadata token travels, where neither the launch, nor the account, nor the image says so.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html>
pub const METADATA_HOPS: i64 = 1;

/// How far a metadata token travels on instances of an image, where neither the launch nor the account says it.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html>
pub fn hops_of_image(support: ImageSupport) -> i64 {
    match support {
        ImageSupport::V2 => 2,
        ImageSupport::None => METADATA_HOPS,
    }
}

/// Families of instance types on the Nitro system of version 6, from the "Instance family summary" of each kind.
/// <https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html>, `co.html`, `mo.html`, `so.html`, `ac.html`, `hpc.html`
const NITRO_V6: &[&str] = &[
    "c8a", "c8gb", "c8gn", "c8i", "c8i-flex", "c8ib", "c8id", "c8in", "c8ine", "g7e", "hpc8a", "i8ge", "m8a", "m8azn",
    "m8gb", "m8gn", "m8i", "m8i-flex", "m8ib", "m8id", "m8idb", "m8idn", "m8in", "m8ine", "m9g", "m9gd", "p6-b200",
    "p6-b300", "r8a", "r8gb", "r8gn", "r8i", "r8i-flex", "r8ib", "r8id", "r8idb", "r8idn", "r8in", "x8aedz", "x8i",
];

/// Families of the generations of version 6 that are on an earlier one, from the same pages.
const BEFORE_NITRO_V6: &[&str] = &["c8g", "c8gd", "i8g", "m8g", "m8gd", "p6e-gb200", "r8g", "r8gd", "x8g"];

/// The last generation of each kind that is on an earlier version as a whole, from the same pages.
const LAST_BEFORE_NITRO_V6: &[(&str, u32)] = &[
    ("a", 1),
    ("c", 7),
    ("d", 3),
    ("f", 2),
    ("g", 6),
    ("gr", 6),
    ("h", 1),
    ("hpc", 7),
    ("i", 7),
    ("im", 4),
    ("inf", 2),
    ("is", 4),
    ("m", 7),
    ("p", 5),
    ("r", 7),
    ("t", 4),
    ("trn", 2),
    ("x", 2),
    ("z", 1),
];

/// Families that are not on the Nitro system: their interfaces' timeouts cannot be set.
/// <https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html>
const BEFORE_NITRO: &[&str] = &[
    "c1", "c3", "c4", "cc2", "d2", "f1", "g2", "g3", "g3s", "h1", "i2", "i3", "m1", "m2", "m3", "m4", "p2", "p3", "r3",
    "r4", "t1", "t2", "x1", "x1e",
];

fn family(instance_type: &str) -> &str {
    instance_type.split('.').next().unwrap_or(instance_type)
}

/// How long an interface of this type of instance tracks an established connection that is silent, where nothing sets it;
/// `None` for types of which that is not known.
pub fn tracked_by_type(instance_type: &str) -> Option<i64> {
    let family = family(instance_type);
    if NITRO_V6.contains(&family) {
        return Some(TRACKED_BY_NITRO_V6);
    }
    let digits = family.find(|it: char| it.is_ascii_digit())?;
    let (kind, rest) = family.split_at(digits);
    let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
    let generation: u32 = rest[..end].parse().ok()?;
    let is_earlier = LAST_BEFORE_NITRO_V6.iter().any(|(it, last)| *it == kind && generation <= *last);
    (is_earlier || BEFORE_NITRO_V6.contains(&family)).then_some(TRACKED)
}

/// Whether it cannot be set how long instances of this type track connections.
pub fn is_before_nitro(instance_type: &str) -> bool {
    BEFORE_NITRO.contains(&family(instance_type))
}

/// A number of seconds as messages write it: `1,200 s`.
pub fn seconds(count: i64) -> String {
    let digits = count.to_string();
    let mut written = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at != 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    format!("{written} s")
}

/// A number of milliseconds as messages write it, in seconds.
pub fn milliseconds(count: i64) -> String {
    if count.rem_euclid(1000) == 0 { seconds(count / 1000) } else { format!("{count} ms") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        assert_eq!(seconds(350), "350 s");
        assert_eq!(seconds(1200), "1,200 s");
        assert_eq!(seconds(432_000), "432,000 s");
        assert_eq!(milliseconds(29_000), "29 s");
        assert_eq!(milliseconds(29_500), "29500 ms");
    }

    #[test]
    fn of_types_that_no_page_names_nothing_is_said() {
        for unheard in ["m10x.large", "c9i.large", "q1.small", "large", "", "trn3.48xlarge", "r99999999999g.large"] {
            assert_eq!(tracked_by_type(unheard), None, "{unheard}");
        }
    }

    #[test]
    fn a_family_is_no_prefix() {
        assert_eq!(tracked_by_type("m8i.large"), Some(TRACKED_BY_NITRO_V6));
        assert_eq!(tracked_by_type("m8g.large"), Some(TRACKED));
        assert_eq!(tracked_by_type("t3.micro"), Some(TRACKED));
        assert_eq!(tracked_by_type("c6in.32xlarge"), Some(TRACKED));
        assert!(is_before_nitro("t2.micro") && !is_before_nitro("t3.micro"));
    }
}
