//! What a row of the tables says.

/// One type of CloudFormation's, and what it is called here. A type that has several rows is each of them.
#[derive(Debug)]
pub(super) struct Noun {
    /// `AWS::EC2::Subnet`.
    pub(super) name: &'static str,
    /// `aws_subnet`.
    pub(super) becomes: &'static str,
    /// The attribute that `Ref` gives.
    pub(super) reference: &'static str,
    /// What becomes of its properties, where that is not the attribute of the same name.
    pub(super) rules: &'static [Rule],
    /// The attributes that `Fn::GetAtt` gives, where they have another name here.
    pub(super) attributes: &'static [(&'static str, &'static str)],
    /// What CloudFormation's silence means, where Terraform's means something else.
    pub(super) defaults: &'static [(&'static str, Default)],
    /// Only a resource with one of these properties is one; with none here, every one is.
    pub(super) when: &'static [&'static str],
    /// An attribute that holds several where Terraform writes a resource for each.
    pub(super) each: Option<&'static str>,
    /// It is no resource of its own here, but says more of the one that this attribute names.
    pub(super) onto: Option<&'static str>,
}

/// A property, and what becomes of it.
pub(super) type Rule = (&'static str, To);

/// What becomes of a property.
#[derive(Debug)]
pub(super) enum To {
    /// The attribute of this name.
    Is(&'static str),
    /// An attribute that is a list with it as the only item.
    Item(&'static str),
    /// Blocks of this name: one for a map, one for each map of a list.
    Blocks(&'static str, &'static [Rule]),
    /// Blocks of this name, for the maps that have this key; the keys of the first that has not are attributes of what it
    /// stands in.
    BlocksWith(&'static str, &'static str, &'static [Rule]),
    /// Its keys are attributes of what it stands in.
    Here(&'static [Rule]),
    /// A list of `{Key, Value}`: these keys are attributes.
    Pairs(&'static [(&'static str, &'static str)]),
    /// An attribute that is true or false: which words mean which.
    Words(&'static str, &'static [(&'static str, bool)]),
}

/// A value that stands where nothing is written.
#[derive(Debug)]
pub(super) enum Default {
    Yes,
    No,
    /// What AWS does depends on more than the template; why it is not known.
    AwsDecides(&'static str),
    /// A rule that lets all IPv4 traffic out.
    EverythingOut,
}

/// A row that says nothing but what `Ref` gives: everything else has the same name in both languages.
pub(super) const fn noun(name: &'static str, becomes: &'static str, reference: &'static str) -> Noun {
    Noun { name, becomes, reference, rules: &[], attributes: &[], defaults: &[], when: &[], each: None, onto: None }
}
