//! Why packets do not arrive, in the words of VPC Reachability Analyzer where it has them, and in ours where not.
//! <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html>

/// An explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    BadStateRoute,
    ElbInstalledZoneRestriction,
    ElbListenersMismatch,
    ElbNoTargetsInZone,
    EniSgRulesMismatch,
    EniSourceDestCheckRestriction,
    FirewallRulesRestriction,
    IgwDestinationNotPublic,
    IgwPrivateIpAssociationForIngress,
    IgwPublicIpAssociationForEgress,
    NgwRequiresSourceInVpc,
    NoPossibleDestination,
    NoRouteToDestination,
    NoPath,
    PcxRequiresAddressInVpcCidr,
    SgHasNoRules,
    SubnetAclRestriction,
    TgwAttachMissingTgwRtbAssociation,
    TgwRouteAzRestriction,
    TgwRtbBadStateRoute,
    TgwRtbNoRouteToTgwAttachment,
    VpcBlockPublicAccessEnabled,
    /// Ours: the answer meets a device that never saw the question, or misses one that did.
    AsymmetricReply,
    /// Ours: a packet comes back to where it was.
    RoutingLoop,
    /// Ours: a private NAT gateway leads to the internet gateway.
    NatIsPrivate,
    /// Ours: an unknown decides.
    UnknownBeforeApply,
}

impl Code {
    /// How outputs write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::BadStateRoute => "BAD_STATE_ROUTE",
            Self::ElbInstalledZoneRestriction => "ELB_INSTALLED_AZ_RESTRICTION",
            Self::ElbListenersMismatch => "ELBV2_LISTENERS_MISMATCH",
            Self::ElbNoTargetsInZone => "ELBV2_NO_TARGETS_IN_AZ",
            Self::EniSgRulesMismatch => "ENI_SG_RULES_MISMATCH",
            Self::EniSourceDestCheckRestriction => "ENI_SOURCE_DEST_CHECK_RESTRICTION",
            Self::FirewallRulesRestriction => "FIREWALL_RULES_RESTRICTION",
            Self::IgwDestinationNotPublic => "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS",
            Self::IgwPrivateIpAssociationForIngress => "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
            Self::IgwPublicIpAssociationForEgress => "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
            Self::NgwRequiresSourceInVpc => "NGW_REQUIRES_SOURCE_IN_VPC",
            Self::NoPossibleDestination => "NO_POSSIBLE_DESTINATION",
            Self::NoRouteToDestination => "NO_ROUTE_TO_DESTINATION",
            Self::NoPath => "NO_PATH",
            Self::PcxRequiresAddressInVpcCidr => "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
            Self::SgHasNoRules => "SG_HAS_NO_RULES",
            Self::SubnetAclRestriction => "SUBNET_ACL_RESTRICTION",
            Self::TgwAttachMissingTgwRtbAssociation => "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION",
            Self::TgwRouteAzRestriction => "TGW_ROUTE_AZ_RESTRICTION",
            Self::TgwRtbBadStateRoute => "TGW_RTB_BAD_STATE_ROUTE",
            Self::TgwRtbNoRouteToTgwAttachment => "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",
            Self::VpcBlockPublicAccessEnabled => "VPC_BLOCK_PUBLIC_ACCESS_ENABLED",
            Self::AsymmetricReply => "ASYMMETRIC_REPLY",
            Self::RoutingLoop => "ROUTING_LOOP",
            Self::NatIsPrivate => "NAT_IS_PRIVATE",
            Self::UnknownBeforeApply => "UNKNOWN_BEFORE_APPLY",
        }
    }
}
