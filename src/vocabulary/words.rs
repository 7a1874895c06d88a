//! How names are written in each of the languages.

/// A property's name as Terraform writes names: `DestinationCidrBlock` is `destination_cidr_block`, and what `awscc`
/// writes `ipv_6_cidr_block` is `ipv6_cidr_block`.
pub(super) fn snake_case(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 8);
    for (at, &character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| characters[at]);
        let starts_word = character.is_uppercase()
            && before.is_some_and(|before| {
                let after = characters.get(at + 1);
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || before.is_uppercase() && after.is_some_and(|it| it.is_lowercase())
            });
        if starts_word {
            snake.push('_');
        }
        let glues = character.is_ascii_digit() && snake.ends_with('_') && 1 < snake.len();
        if glues {
            snake.pop();
        }
        snake.extend(character.to_lowercase());
    }
    snake
}

/// A name without what each language marks its words by: equal ones name the same property.
pub(super) fn squeezed(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{snake_case, squeezed};

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
        assert_eq!(squeezed("Ipv6CidrBlock"), squeezed("ipv_6_cidr_block"));
        assert_eq!(squeezed("EC2::TransitGatewayRoute"), squeezed("ec2_transit_gateway_route"));
    }
}
