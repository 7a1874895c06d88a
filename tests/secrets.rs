//! What is secret is told nowhere: not by any command, in any format, on any stream, whoever gives it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "the program is run on files of its own")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The text that must not come out.
const CANARY: &str = "hunter2";

/// Everything that is asked.
const QUESTIONS: &[&[&str]] = &[
    &["check", "--possible", "--verbose"],
    &["check", "--possible", "--format", "json"],
    &["check", "--possible", "--format", "github"],
    &["inspect"],
    &["inspect", "--format", "json"],
    &["routes"],
    &["routes", "--format", "json"],
];

/// Code that says of its secrets whatever a rule or an error could repeat.
const MAIN: &str = r#"
variable "text" {
  type      = string
  sensitive = true
  default   = null
}
variable "number" {
  type      = number
  sensitive = true
  default   = 1
}
variable "list" {
  type      = list(string)
  sensitive = true
  default   = []
}
variable "fleeting" {
  type      = string
  ephemeral = true
  default   = null
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = var.text, Part = "of ${var.text}" }
}
resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(var.text, 8, 1)
}
resource "aws_route" "main" {
  route_table_id         = aws_vpc.main.main_route_table_id
  destination_cidr_block = var.text
  gateway_id             = var.fleeting
}
resource "aws_db_instance" "main" {
  password = "hunter2" + 1
  username = { a = 1 }[var.text]
  name     = tonumber(var.text)
  port     = var.number
  other    = var.list
  more     = base64decode(var.fleeting)
}
resource "aws_secretsmanager_secret_version" "main" {
  secret_string = "hunter2"
}
output "it" {
  value     = [aws_db_instance.main.password, file(var.text)]
  sensitive = true
}
"#;

fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("secrets").join(name);
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

/// All that comes of the questions about `folder`.
fn answers(folder: &Path, options: &[&str], environment: &[(&str, &str)]) -> String {
    ask(folder, QUESTIONS, options, environment)
}

fn ask(folder: &Path, questions: &[&[&str]], options: &[&str], environment: &[(&str, &str)]) -> String {
    let mut all = String::new();
    for question in questions {
        let mut command = Command::new(env!("CARGO_BIN_EXE_iac-check"));
        command.current_dir(folder).args(*question).args(options).envs(environment.iter().copied());
        let output = command.output().unwrap();
        assert_ne!(output.status.code(), None);
        for stream in [output.stdout, output.stderr] {
            let text = String::from_utf8(stream).unwrap();
            assert!(!text.contains(CANARY), "{question:?} {options:?}: {text}");
            all.push_str(&text);
        }
    }
    all
}

#[test]
fn secrets_from_the_command_line_and_the_environment_are_told_nowhere() {
    let folder = folder("options", &[("main.tf", MAIN)]);
    let told = answers(&folder, &["--var", "text=hunter2", "--var", "number=hunter2", "--var", "list=hunter2"], &[]);
    assert!(told.contains("the value of the variable `number` does not fit"), "{told}");
    answers(&folder, &["--var", "list=[hunter2", "--var", "number=\"hunter2\"", "--var", "fleeting=hunter2"], &[]);
    let environment = [("TF_VAR_text", "hunter2"), ("TF_VAR_list", "{a = \"hunter2\"}"), ("TF_VAR_number", "hunter2")];
    let told = answers(&folder, &[], &environment);
    assert!(told.contains("the value of the variable `list` does not fit"), "{told}");
    answers(&folder, &["--var", "undeclared=hunter2"], &[]);
    for options in
        [["--var", "text:hunter2"], ["--var", "hunter2"], ["--parameter", "Text:hunter2"], ["--parameter", "=hunter2"]]
    {
        let told = answers(&folder, &options, &[]);
        assert!(told.contains("is no NAME=VALUE"), "{told}");
    }
}

#[test]
fn secrets_from_files_are_told_nowhere() {
    let values = "text = \"hunter2\"\nnumber = \"hunter2\"\nlist = {\n  hunter = \"hunter2\"\n}\nfleeting = hunter2\nundeclared = \"hunter2\"\n";
    let told = answers(&folder("values", &[("main.tf", MAIN), ("terraform.tfvars", values)]), &[], &[]);
    assert!(told.contains("the value of the variable `number` does not fit"), "{told}");
    let broken = "text = \"hunter2\nnumber = = hunter2\n{\"hunter2\"}\n";
    let told = answers(&folder("broken", &[("main.tf", MAIN), ("it.txt", broken)]), &["--var-file", "it.txt"], &[]);
    assert!(told.contains("syntax_error"), "{told}");
    let json = "{\"text\": [\"hunter2\"], \"number\": \"hunter2\", \"list\": \"hunter2\"";
    answers(&folder("json", &[("main.tf", MAIN), ("a.auto.tfvars.json", json)]), &[], &[]);
    let repeated = "text = \"a\"\ntext = \"hunter2\"\n";
    answers(&folder("repeated", &[("main.tf", MAIN), ("terraform.tfvars", repeated)]), &[], &[]);
}

#[test]
fn secrets_in_the_code_are_shown_in_no_excerpt() {
    let code = "variable \"v\" {\n  type = list(string)\n  sensitive = true\n  default = \"hunter2\"\n}\nresource \"aws_db_instance\" \"x\" {\n  password = \"hunter2\" + 1\n}\nresource \"x\" \"y\" {\n  db_password = \"hunter2\n}\n";
    let told = answers(&folder("code", &[("main.tf", code)]), &[], &[]);
    assert!(told.contains("password = \"…\" + 1"), "{told}");
    let json =
        "{\"resource\": {\"x\": {\"x\": {\"password\": \"hunter2\", \"n\": \"${1 + }\", \"api_key\": \"hunter2\"}}}}";
    let told = answers(&folder("code_json", &[("main.tf.json", json)]), &[], &[]);
    assert!(told.contains("syntax_error"), "{told}");
}

/// A template that says of its secrets whatever a rule or an error could repeat.
const TEMPLATE: &str = r"
Parameters:
  Text: {Type: String, NoEcho: true, Default: hunter2, AllowedValues: [hunter2, other]}
  Number: {Type: Number, NoEcho: 'true', Default: hunter2}
  List: {Type: CommaDelimitedList, NoEcho: true, Default: 'hunter2,hunter2'}
  Plain: {Type: String, Default: a}
Conditions:
  IsIt: !Equals [!Ref Text, hunter2]
  IsPlain: !Equals [!Ref Text, !Ref Plain]
Resources:
  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16, Tags: [{Key: Name, Value: !Sub 'of ${Text}'}]}}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: !Select [0, !Cidr [!Ref Text, 1, 8]]
      AvailabilityZone: !Select [0, !Ref List]
  Table: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref Vpc}}
  Link: {Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
  Route:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: !Ref Text, NatGatewayId: !Join ['-', !Ref List]}
  Database:
    Type: AWS::RDS::DBInstance
    Condition: IsIt
    Properties: {MasterUserPassword: !Ref Text, Port: !Ref Number, Name: !Select [!Ref Text, [a, b]]}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Environment: {Variables: {A: !Ref Text, B: !Select [9, !Split [',', !Ref Text]], C: !FindInMap [!Ref Text, a, b]}}
      Description: !If [IsPlain, !Base64 {Ref: Text}, !ToJsonString {a: !Ref Text}]
Outputs:
  It: {Value: !Ref Text, Export: {Name: !Ref Text}}
";

/// What is asked of a template beyond [`QUESTIONS`].
const MORE_QUESTIONS: &[&[&str]] = &[
    &["check", "--possible", "--format", "sarif"],
    &["check", "--possible", "--format", "gitlab"],
    &["check", "--possible", "--format", "junit"],
    &["check", "--possible", "--format", "markdown"],
    &["check", "--possible", "--format", "html"],
    &["trace", "--from", "Subnet", "--to", "internet"],
    &["trace", "--from", "Subnet", "--to", "internet", "--format", "json"],
    &["egress"],
    &["egress", "--format", "json"],
    &["graph", "--format", "mermaid"],
    &["graph", "--format", "dot"],
    &["graph", "--format", "json"],
    &["graph", "--format", "html"],
];

#[test]
fn parameters_that_are_not_echoed_are_told_nowhere() {
    let given = r#"[{"ParameterKey": "Text", "ParameterValue": "hunter2"}, {"ParameterKey": "Number", "ParameterValue": "hunter2"}]"#;
    let folder = folder("template", &[("main.yaml", TEMPLATE), ("given.txt", given)]);
    let options: [&[&str]; 3] = [
        &["main.yaml"],
        &["main.yaml", "--parameter", "Text=hunter2", "--parameter", "List=hunter2", "--parameter", "Plain=a"],
        &["main.yaml", "--parameters", "given.txt"],
    ];
    for options in options {
        let told = ask(&folder, QUESTIONS, options, &[]) + &ask(&folder, MORE_QUESTIONS, options, &[]);
        assert!(told.contains("AWS::RDS::DBInstance") || told.contains("Database"), "{told}");
        assert!(told.contains("sensitive"), "{told}");
    }
}

/// Code with secrets where people put them; what is not secret stands beside it.
const CODE: &str = r#"
variable "secret_list" {
  sensitive = true
  type      = number
  default   = "hunter2"
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_lambda_function" "main" {
  function_name = "kept"
  environment {
    variables = { DB_PASSWORD = "hunter2", API_TOKEN = "hunter2", URL = "postgres://app:hunter2@db/x", PLAIN = "kept" }
  }
  vpc_config {
    subnet_ids         = [aws_subnet.main.id]
    security_group_ids = []
  }
}
resource "aws_ecs_task_definition" "main" {
  family                = "kept"
  container_definitions = jsonencode([{ name = "a", image = "b", environment = [{ name = "DB_PASSWORD", value = "hunter2" }] }])
}
resource "aws_ecs_task_definition" "other" {
  family                = "kept"
  container_definitions = <<END
[{"name": "a", "image": "kept", "environment": [{"value": "hunter2", "name": "DB_PASSWORD"}]}]
END
}
resource "aws_codebuild_project" "main" {
  environment {
    environment_variable {
      name  = "DB_PASSWORD"
      value = "hunter2"
    }
  }
}
resource "aws_instance" "main" {
  subnet_id = aws_subnet.main.id
  user_data = <<END
export DB_PASSWORD=hunter2
mysql -phunter2 --password hunter2
END
}
resource "aws_instance" "other" {
  subnet_id        = aws_subnet.main.id
  user_data_base64 = base64encode("hunter2")
}
resource "aws_db_instance" "main" {
  master_password = "hunter2"
  other           = { password = "hunter2", plain = "kept" }
}
resource "aws_db_instance" "broken" {
  password = <<END
hunter2 ${nothing.there}
END
  tags = { connection_string = "hunter2", user = "kept", credentials = { a = ["hunter2"] } }
}
resource "aws_s3_object" "main" {
  content = jsonencode({ password = "hunter2", user = "kept" })
}
output "main" {
  value     = "hunter2 ${nothing.there}"
  sensitive = true
}
output "db_password" {
  value = "hunter2"
}
"#;

/// A template with secrets where people put them.
const SECRETIVE: &str = r#"
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Pw:
    Type: Number
    NoEcho: true
    Default: hunter2
    AllowedValues:
      - hunter2
    AllowedPattern: "hunter2["
Resources:
  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref Vpc, CidrBlock: !Ref Pw}}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Description: kept
      Environment:
        Variables:
          DB_PASSWORD: hunter2
          DBPassword: hunter2 and more
          TOKEN: "hunter2"
          API_TOKEN: |
            hunter2
          URL: postgres://app:hunter2@db/x
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: kept
          Image: b
          Environment:
            - Name: DB_PASSWORD
              Value: hunter2
            - {Value: hunter2, Name: DB_PASSWORD}
  Database: {Type: 'AWS::RDS::DBInstance', Properties: {MasterUserPassword: !Nothing hunter2, MasterUsername: kept}}
  Instance:
    Type: AWS::EC2::Instance
    Properties:
      SubnetId: !Ref Subnet
      UserData:
        Fn::Base64: !Sub |
          export DB_PASSWORD=hunter2
          mysql -phunter2 ${Nothing}
  Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {SecretString: hunter2}}
  Parameter: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Value: hunter2}}
Outputs:
  DbPassword: {Value: hunter2}
"#;

/// A plan that marks what is sensitive, before and after, and says the rest under names of secrets.
const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.11.4",
"variables":{"any":{"value":"hunter2"}},
"planned_values":{"outputs":{"any":{"sensitive":true,"type":"string","value":"hunter2"}},"root_module":{"resources":[
{"address":"aws_vpc.main","mode":"managed","type":"aws_vpc","name":"main","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":1,"values":{"cidr_block":"10.0.0.0/16","tags":{"Name":"hunter2"}},"sensitive_values":{"tags":{"Name":true}}},
{"address":"aws_lambda_function.main","mode":"managed","type":"aws_lambda_function","name":"main","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":0,"values":{"description":"hunter2","function_name":"kept","environment":[{"variables":{"DB_PASSWORD":"hunter2","B":"kept","C":"hunter2"}}]},"sensitive_values":{"description":true,"environment":[{"variables":{"C":true}}]}},
{"address":"aws_db_instance.main","mode":"managed","type":"aws_db_instance","name":"main","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":2,"values":{"master_password":"hunter2","user_data":"hunter2"},"sensitive_values":{}}]}},
"resource_changes":[
{"address":"aws_vpc.main","mode":"managed","type":"aws_vpc","name":"main","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["update"],"before":{"cidr_block":"hunter2","tags":{"Name":"hunter2"}},"after":{"cidr_block":"10.0.0.0/16","tags":{"Name":"hunter2"}},"after_unknown":{},"before_sensitive":{"cidr_block":true,"tags":{"Name":true}},"after_sensitive":{"tags":{"Name":true}}}},
{"address":"aws_lambda_function.main","mode":"managed","type":"aws_lambda_function","name":"main","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,"after":{"description":"hunter2","function_name":"kept","environment":[{"variables":{"DB_PASSWORD":"hunter2","B":"kept","C":"hunter2"}}]},"after_unknown":{},"before_sensitive":false,"after_sensitive":{"description":true,"environment":[{"variables":{"C":true}}]}}}],
"output_changes":{"any":{"actions":["create"],"before":null,"after":"hunter2","after_unknown":false,"before_sensitive":true,"after_sensitive":true}},
"configuration":{"root_module":{"variables":{"any":{"sensitive":true,"default":"hunter2"}},"resources":[
{"address":"aws_lambda_function.main","mode":"managed","type":"aws_lambda_function","name":"main","expressions":{"description":{"constant_value":"hunter2"}}}]}}}"#;

/// What is asked of what holds secrets, so that no command and no format is left out.
const EVERYTHING: &[&[&str]] = &[
    &["changes", "PATH"],
    &["changes", "PATH", "--format", "json"],
    &["check", "PATH", "--possible", "--verbose", "--color", "always"],
    &["check", "PATH", "--possible", "--write-baseline", "baseline.json"],
    &["check", "PATH", "--possible", "--baseline", "baseline.json"],
    &[
        "check",
        "PATH",
        "--possible",
        "--output",
        "sarif=it.sarif",
        "--output",
        "html=it.html",
        "--output",
        "text=it.txt",
    ],
];

/// Asks all there is to ask about `path` in `folder`; the files that come of it are read as well.
fn ask_everything(folder: &Path, path: &str) -> String {
    let here: Vec<Vec<&str>> = QUESTIONS.iter().chain(MORE_QUESTIONS).map(|it| [it, &[path][..]].concat()).collect();
    let there = EVERYTHING.iter().map(|it| it.iter().map(|it| if *it == "PATH" { path } else { it }).collect());
    let all: Vec<Vec<&str>> = here.into_iter().chain(there).collect();
    let mut told = ask(folder, &all.iter().map(Vec::as_slice).collect::<Vec<_>>(), &[], &[]);
    for name in ["baseline.json", "it.sarif", "it.html", "it.txt"] {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        assert!(!text.contains(CANARY), "{name} of {path}: {text}");
        told.push_str(&text);
    }
    told
}

#[test]
fn secrets_are_told_by_no_command_in_no_format() {
    for (name, path, text) in
        [("all_code", ".", CODE), ("all_template", "main.yaml", SECRETIVE), ("all_plan", "main.json", PLAN)]
    {
        let file = if path == "." { "main.tf" } else { path };
        let folder = folder(name, &[(file, text)]);
        let told = ask_everything(&folder, path);
        assert!(told.contains("kept") && told.contains("sensitive"), "{name}: {told}");
        assert!(told.contains("plaintext_secret"), "{name}: nothing was found, so nothing was held back: {told}");
    }
}

#[test]
fn secrets_in_excerpts_are_hidden_and_the_rest_is_shown() {
    let folder = folder("excerpts", &[("main.tf", CODE)]);
    let told = answers(&folder, &[], &[]);
    assert!(told.contains("URL = \"postgres://app:…@db/x\", PLAIN = \"kept\""), "{told}");
    assert!(told.contains("value = \"…\""), "{told}");
}
