//! What functions come to. The answers are those of the documentation of each function:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use std::fmt::Write as _;

use super::{loaded, loaded_all, loaded_of, property, told};

const PARAMETERS: &str = "
Parameters:
  Name: {Type: String, Default: web}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Port: {Type: Number, Default: 80}
  Secret: {Type: String, NoEcho: true, Default: x}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /image}
  Open: {Type: String}
  Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}
Mappings:
  Region:
    eu-west-1: {Zones: [a, b], Only: x}
    us-east-1: {Zones: [c, d], Only: x}
Conditions:
  Yes: !Equals [!Ref Name, web]
  No: !Not [Condition: Yes]
";

#[test]
fn references_come_to_values() {
    let of = |value| property(value, PARAMETERS);
    assert_eq!(of("!Ref Name"), "'web'");
    assert_eq!(of("{Ref: Names}"), "['a', 'b', 'c']");
    assert_eq!(of("!Ref Port"), "80");
    assert_eq!(of("!Ref Secret"), "<sensitive>");
    assert_eq!(of("!Ref Open"), "<Open has no value>");
    assert_eq!(of("!Ref Image"), "<the stored parameter /image has no value>");
    assert_eq!(of("!Ref AWS::Region"), "'eu-west-1'");
    assert_eq!(of("!Ref AWS::Partition"), "'aws'");
    assert_eq!(of("!Ref AWS::AccountId"), "<AWS::AccountId has no value>");
    assert_eq!(of("!Ref AWS::NoValue"), "nothing");
    assert_eq!(of("[1, !Ref AWS::NoValue, 2]"), "[1, 2]");
    assert_eq!(of("{A: !Ref AWS::NoValue, B: 2}"), "{B: 2}");
    assert_eq!(of("!Ref R"), "<R.Ref>");
    assert_eq!(of("!GetAtt R.Arn"), "<R.Arn>");
    assert_eq!(of("!GetAtt [R, Endpoint.Port]"), "<R.Endpoint.Port>");
    assert_eq!(of("{'Fn::GetAtt': [R, Arn]}"), "<R.Arn>");
    assert!(of("!Ref Nobody").ends_with(" !no parameter and no resource is named Nobody"));
    assert_eq!(of("'{{resolve:ssm:/a/b}}'"), "<the stored parameter /a/b has no value>");
    assert_eq!(of("'x{{resolve:secretsmanager:s:SecretString:p}}'"), "<sensitive>");
}

#[test]
fn what_a_resource_writes_of_itself_is_known() {
    let text = "
Resources:
  A: {Type: A::B::C, Properties: {Block: 10.0.0.0/16, Loop: !GetAtt B.Loop}}
  B: {Type: A::B::C, Properties: {Block: !GetAtt A.Block, Loop: !GetAtt A.Loop}}
";
    let told = told(&loaded(text, &[]));
    assert_eq!(told[0]["B.Block"], "'10.0.0.0/16'");
    assert_eq!([&told[0]["A.Loop"], &told[0]["B.Loop"]], ["<A.Loop>", "<A.Loop>"]);
}

#[test]
fn texts_are_put_together_and_taken_apart() {
    let of = |value| property(value, PARAMETERS);
    assert_eq!(of("!Sub '${Name}-${AWS::Region}-${!Name}'"), "'web-eu-west-1-${Name}'");
    assert_eq!(of("!Sub ['${Name}-${x}', {x: !Ref Port}]"), "'web-80'");
    assert_eq!(of("!Sub '${R.Arn}/*'"), "<${R.Arn}/*>");
    assert_eq!(of("!Sub '${R}'"), "<R.Ref>");
    assert_eq!(of("!Join ['-', [a, !Ref Name, 1]]"), "'a-web-1'");
    assert_eq!(of("!Join ['', !Ref Names]"), "'abc'");
    assert_eq!(of("!Split ['-', a-b]"), "['a', 'b']");
    assert_eq!(of("!Split [',', !Join [',', [!Ref R, x]]]"), "[<R.Ref>, 'x']");
    assert_eq!(of("!Select [0, !Split ['#', !Sub '${R}#${R.Arn}']]"), "<R.Ref>");
    assert_eq!(of("!Select [1, !Split [':', !Select [0, !GetAtt R.EndpointIds]]]"), "<R.EndpointIds[0].split(:)[1]>");
    assert!(of("!Split [',', !Join [',', [!Ref Open, x]]]").starts_with("<made of something not known"));
    assert_eq!(of("!Base64 hello"), "'aGVsbG8='");
    assert_eq!(of("{'Fn::ToJsonString': {a: [1, x]}}"), "'{\"a\":[1,\"x\"]}'");
    assert_eq!(of("{'Fn::Length': !Ref Names}"), "3");
    assert!(of("!Join [x]").ends_with(" !expected a separator and a list"));
}

#[test]
fn items_are_found() {
    let of = |value| property(value, PARAMETERS);
    assert_eq!(of("!Select [1, [a, b]]"), "'b'");
    assert_eq!(of("!Select ['0', !Ref Names]"), "'a'");
    assert_eq!(of("!Select [1, !Ref Subnets]"), "<Subnets[1] has no value>");
    assert!(of("!Select [3, !Ref Names]").ends_with(" !there is no item 3 in a list of 3"));
    assert_eq!(of("!FindInMap [Region, !Ref AWS::Region, Zones]"), "['a', 'b']");
    assert_eq!(of("!FindInMap [Region, !Ref Open, Only]"), "'x'");
    assert_eq!(of("!FindInMap [Region, !Ref Open, Zones]"), "<the mapping Region, Open, Zones has no value>");
    assert_eq!(of("!FindInMap [Region, mars, Zones, {DefaultValue: z}]"), "'z'");
    assert!(of("!FindInMap [Region, mars, Zones]").ends_with(" !the mapping Region has nothing at mars, Zones"));
    assert_eq!(of("!Select [0, !Cidr [10.0.0.0/16, 4, 8]]"), "'10.0.0.0/24'");
    assert_eq!(of("!Select [0, !GetAZs '']"), "<eu-west-1.zones[0]>");
    assert_eq!(of("!Select [0, {'Fn::GetAZs': {Ref: Open}}]"), "<Open.zones[0]>");
    assert_eq!(of("!ImportValue net-vpc"), "<the export net-vpc has no value>");
    assert_eq!(of("!If [Yes, 1, 2]"), "1");
    assert_eq!(of("!If [No, 1, !Ref AWS::NoValue]"), "nothing");
    assert_eq!(of("{'Fn::If': [Yes, {'Fn::Join': ['', [a, b]]}, c]}"), "'ab'");
    assert!(of("!Nothing x").ends_with(" !CloudFormation has no function Fn::Nothing"));
}

#[test]
fn loops_are_written_out() {
    let text = "
Transform: AWS::LanguageExtensions
Parameters:
  Zones: {Type: CommaDelimitedList, Default: 'a,b'}
Resources:
  Fn::ForEach::Subnets:
    - Zone
    - !Ref Zones
    - Subnet${Zone}:
        Type: A::B::C
        Properties: {Zone: !Ref Zone, Name: !Sub 'zone-${Zone}', Peer: !GetAtt 'Subnet${Zone}.Arn'}
";
    let told = told(&loaded(text, &[]));
    assert_eq!(told[0].len(), 6);
    assert_eq!(told[0]["Subnetb.Zone"], "'b'");
    assert_eq!(told[0]["Subnetb.Name"], "'zone-b'");
    assert_eq!(told[0]["Subneta.Peer"], "<Subneta.Arn>");
    let open = loaded(&text.replace(", Default: 'a,b'", ""), &[]);
    assert!(!open.is_complete && open.findings.is_empty());
}

#[test]
fn serverless_functions_are_functions() {
    let text = "
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Timeout: 3, VpcConfig: {SubnetIds: [a], SecurityGroupIds: [g]}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Timeout: 9, Role: !GetAtt FRole.Arn, VpcConfig: {SubnetIds: [b]}}
";
    let loaded = loaded(text, &[]);
    assert!(loaded.is_complete && loaded.findings.is_empty());
    assert_eq!(loaded.worlds[0].resources[0].kind, "AWS::Lambda::Function");
    let told = told(&loaded);
    assert_eq!(told[0]["F.VpcConfig"], "{SecurityGroupIds: ['g'], SubnetIds: ['a', 'b']}");
    assert_eq!(told[0]["F.Timeout"], "9");
}

#[test]
fn nested_stacks_take_parameters_and_give_outputs() {
    let main = "
Resources:
  Net: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: net/net.yaml, Parameters: {Block: 10.0.0.0/16}}}
  App: {Type: A::B::C, Properties: {Subnets: !Split [',', !GetAtt Net.Outputs.Subnets]}}
";
    let net = "
Parameters: {Block: {Type: String}}
Resources:
  Vpc: {Type: A::B::C, Properties: {Block: !Ref Block}}
Outputs:
  Subnets: {Value: !Join [',', [!Ref Vpc, !GetAtt Vpc.Arn]]}
";
    let loaded = loaded_of(&[("main.yaml", main), ("net/net.yaml", net)], &[]).unwrap();
    let told = told(&loaded);
    assert_eq!(told[0]["Net/Vpc.Block"], "'10.0.0.0/16'");
    assert_eq!(told[0]["App.Subnets"], "[<Net/Vpc.Ref>, <Net/Vpc.Arn>]");
    let itself =
        net.replace("A::B::C", "AWS::CloudFormation::Stack").replace("Block: !Ref Block", "TemplateURL: net.yaml");
    let endless = loaded_of(&[("main.yaml", main), ("net/net.yaml", &itself)], &[]).unwrap();
    assert_eq!(endless.findings[0].message, "the stacks of this template stand more than 8 deep in each other");
}

#[test]
fn templates_are_joined_by_what_they_export() {
    let net = "
Parameters: {Stage: {Type: String}}
Resources: {Vpc: {Type: A::B::C, Properties: {Stage: !Ref Stage}}}
Outputs: {Vpc: {Value: !Ref Vpc, Export: {Name: net-vpc}}}
";
    let app = "
Parameters: {Stage: {Type: String}}
Resources: {App: {Type: A::B::C, Properties: {Vpc: !ImportValue net-vpc, Stage: !Ref Stage}}}
";
    let loaded = loaded_all(&[("app.yaml", app), ("other.yaml", &app.replace("net-", "its-")), ("net.yaml", net)], &[]);
    assert_eq!(loaded.iter().map(|it| it.paths.join(" ")).collect::<Vec<_>>(), ["app.yaml net.yaml", "other.yaml"]);
    let together = told(&loaded[0]);
    assert_eq!(together[0]["App.Vpc"], "<Vpc.Ref>");
    assert_eq!(
        [&together[0]["App.Stage"], &together[0]["Vpc.Stage"]],
        ["<app/Stage has no value>", "<net/Stage has no value>"]
    );
    let same = loaded_all(&[("app.yaml", &app.replace("App", "Vpc")), ("net.yaml", net)], &[]);
    assert_eq!(told(&same[0])[0]["app/Vpc.Vpc"], "<net/Vpc.Ref>");
    let twice = loaded_all(&[("app.yaml", app), ("a/net.yaml", net), ("b/net.yaml", net)], &[]);
    assert_eq!(twice.len(), 3);
}

#[test]
fn hostile_templates_end() {
    let mut text = "Resources:\n  R0: {Type: A::B::C, Properties: {P: xx}}\n".to_owned();
    for at in 1..400 {
        let before = at - 1;
        writeln!(text, "  R{at}: {{Type: A::B::C, Properties: {{P: !Sub '${{R{before}.P}}${{R{before}.P}}'}}}}")
            .unwrap();
    }
    let told = told(&loaded(&text, &[]));
    assert!(told[0]["R399.P"].contains("a longer text"));
    let many = "${a}".repeat(1000);
    let bomb = format!("!Sub ['{many}', {{a: !Sub ['{many}', {{a: !Sub ['{many}', {{a: x}}]}}]}}]");
    assert!(property(&bomb, "").contains("a longer text"));
    let items = vec!["x"; 1000].join(",");
    let inner = format!("Fn::ForEach::C: [C, [{items}], {{'A${{C}}': {{Type: A::B::C}}}}]");
    let loops = format!(
        "Transform: AWS::LanguageExtensions\nResources: {{Fn::ForEach::A: [A, [{items}], {{Fn::ForEach::B: [B, [{items}], {{{inner}}}]}}]}}\n"
    );
    assert!(loaded(&loops, &[]).findings[0].message.contains("more than 20000 resources"));
}
