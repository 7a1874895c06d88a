//! How names are written in each of the languages.

/// A property's name as Terraform writes names: `DestinationCidrBlock` is `destination_cidr_block`, and what `awscc`
/// writes `ipv_6_cidr_block` is `ipv6_cidr_block`.
pub(super) fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 8);
    let mut before: Option<char> = None;
    let mut rest = name.chars().peekable();
    while let Some(character) = rest.next() {
        let starts_word = character.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || before.is_uppercase() && rest.peek().is_some_and(|it| it.is_lowercase())
            });
        if starts_word {
            snake.push('_');
        }
        let glues = character.is_ascii_digit() && snake.ends_with('_') && 1 < snake.len();
        if glues {
            snake.pop();
        }
        snake.extend(character.to_lowercase());
        before = Some(character);
    }
    snake
}

/// Whether two names are one, without what each language marks its words by.
pub(super) fn is_same_name(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{is_same_name, snake_case};

    #[test]
    fn names_are_written_as_terraform_writes_them() {
        for (property, attribute) in [
            ("VpcId", "vpc_id"),
            ("DestinationIpv6CidrBlock", "destination_ipv6_cidr_block"),
            ("EnableDns64", "enable_dns64"),
            ("VPCZoneIdentifier", "vpc_zone_identifier"),
            ("DBSubnetGroupName", "db_subnet_group_name"),
            ("ipv_6_cidr_block", "ipv6_cidr_block"),
            ("cidr_block", "cidr_block"),
        ] {
            assert_eq!(snake_case(property), attribute);
        }
    }

    #[test]
    fn one_name_in_two_languages_is_one() {
        assert!(is_same_name("Ipv6CidrBlock", "ipv_6_cidr_block"));
        assert!(is_same_name("EC2::TransitGatewayRoute", "ec2_transit_gateway_route"));
        assert!(!is_same_name("Ipv6CidrBlock", "ipv_6_cidr_blocks"));
    }
}
