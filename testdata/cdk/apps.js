// The CDK apps whose synthesised assemblies stand beside this file. `./synth.sh` makes them again.
//
// Each app is what somebody would write, constructs with their defaults; a few are wrong on purpose and say so.
const cdk = require("aws-cdk-lib");
const { aws_ec2: ec2, aws_ecs: ecs, aws_ecs_patterns: patterns, aws_lambda: lambda, aws_rds: rds } = cdk;
const { aws_elasticloadbalancingv2: elb } = cdk;

const FIXED = { account: "123456789012", region: "eu-central-1" };

/** Three zones, public and private subnets, a NAT gateway in each: what `new Vpc` gives. Synthesised for no region. */
function threeZones(app) {
  const stack = new cdk.Stack(app, "ThreeZones");
  // Without a region the CDK offers two zones; three have to be asked for.
  Object.defineProperty(stack, "availabilityZones", { get: () => [0, 1, 2].map((it) => cdk.Fn.select(it, cdk.Fn.getAzs())) });
  new ec2.Vpc(stack, "Network", { maxAzs: 3, restrictDefaultSecurityGroup: false });
}

/** The same for a region that is known, one NAT gateway for all, and isolated subnets beside. */
function oneNat(app) {
  const stack = new cdk.Stack(app, "OneNat", { env: FIXED });
  stack.node.setContext("availability-zones:account=123456789012:region=eu-central-1", ["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
  new ec2.Vpc(stack, "Network", {
    maxAzs: 3,
    natGateways: 1,
    restrictDefaultSecurityGroup: false,
    ipAddresses: ec2.IpAddresses.cidr("10.20.0.0/16"),
    subnetConfiguration: [
      { name: "public", subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24 },
      { name: "app", subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 22 },
      { name: "data", subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
    gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
  });
}

/** A Fargate service behind an application load balancer. */
function fargate(app) {
  const stack = new cdk.Stack(app, "Fargate");
  const vpc = new ec2.Vpc(stack, "Vpc", { maxAzs: 2, restrictDefaultSecurityGroup: false });
  const cluster = new ecs.Cluster(stack, "Cluster", { vpc });
  new patterns.ApplicationLoadBalancedFargateService(stack, "Service", {
    cluster,
    desiredCount: 2,
    taskImageOptions: { image: ecs.ContainerImage.fromRegistry("public.ecr.aws/docker/library/httpd:2.4"), containerPort: 80 },
  });
}

/** A function inside a VPC. */
function vpcFunction(app) {
  const stack = new cdk.Stack(app, "VpcFunction");
  const vpc = new ec2.Vpc(stack, "Vpc", { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false });
  new lambda.Function(stack, "Function", {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: lambda.Code.fromInline("exports.handler = async () => 1"),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
  });
}

/** Two spokes without a way out, and a hub with one, on a transit gateway. */
function hubAndSpoke(app) {
  const stack = new cdk.Stack(app, "HubAndSpoke");
  const core = new ec2.CfnTransitGateway(stack, "Core", { description: "core", defaultRouteTableAssociation: "enable", defaultRouteTablePropagation: "enable" });
  const attach = (name, vpc) => new ec2.CfnTransitGatewayAttachment(stack, `${name}Attachment`, {
    transitGatewayId: core.ref,
    vpcId: vpc.vpcId,
    subnetIds: vpc.isolatedSubnets.concat(vpc.privateSubnets).slice(0, 2).map((it) => it.subnetId),
  });
  const hub = new ec2.Vpc(stack, "Hub", { maxAzs: 2, ipAddresses: ec2.IpAddresses.cidr("10.0.0.0/16"), restrictDefaultSecurityGroup: false });
  const hubAttachment = attach("Hub", hub);
  for (const [number, name] of ["Orders", "Billing"].entries()) {
    const spoke = new ec2.Vpc(stack, name, {
      maxAzs: 2,
      ipAddresses: ec2.IpAddresses.cidr(`10.${number + 1}.0.0/16`),
      subnetConfiguration: [{ name: "app", subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
      restrictDefaultSecurityGroup: false,
    });
    const attachment = attach(name, spoke);
    spoke.isolatedSubnets.forEach((subnet, index) => {
      const route = new ec2.CfnRoute(stack, `${name}Default${index}`, {
        routeTableId: subnet.routeTable.routeTableId, destinationCidrBlock: "0.0.0.0/0", transitGatewayId: core.ref,
      });
      route.addDependency(attachment);
    });
    hub.publicSubnets.concat(hub.privateSubnets).forEach((subnet, index) => {
      const route = new ec2.CfnRoute(stack, `HubTo${name}${index}`, {
        routeTableId: subnet.routeTable.routeTableId, destinationCidrBlock: spoke.vpcCidrBlock, transitGatewayId: core.ref,
      });
      route.addDependency(hubAttachment);
    });
  }
}

/** The network in one stack, a load balancer and a database in another: the CDK makes the exports. */
function twoStacks(app) {
  const network = new cdk.Stack(app, "Network");
  const vpc = new ec2.Vpc(network, "Vpc", { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false });
  const front = new cdk.Stack(app, "Front");
  const balancer = new elb.ApplicationLoadBalancer(front, "Balancer", { vpc, internetFacing: true });
  balancer.addListener("Http", { port: 80, defaultAction: elb.ListenerAction.fixedResponse(200) });
  new rds.DatabaseInstance(front, "Database", {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
  });
}

/** A nested stack that takes the network from its parent. The load balancer stands in private subnets: wrong on purpose. */
function nestedStack(app) {
  const stack = new cdk.Stack(app, "Parent");
  const vpc = new ec2.Vpc(stack, "Vpc", { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false });
  const nested = new cdk.NestedStack(stack, "Front");
  new elb.ApplicationLoadBalancer(nested, "Balancer", {
    vpc, internetFacing: true, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
  }).addListener("Http", { port: 80, defaultAction: elb.ListenerAction.fixedResponse(200) });
}

/** A stage, which is an assembly within the assembly, for a fixed region; its stack's NAT gateway is in its own way. */
function stages(app) {
  const stage = new cdk.Stage(app, "Production", { env: FIXED });
  const stack = new cdk.Stack(stage, "Network");
  stack.node.setContext("availability-zones:account=123456789012:region=eu-central-1", ["eu-central-1a", "eu-central-1b"]);
  const vpc = new ec2.Vpc(stack, "Vpc", { maxAzs: 2, natGateways: 0, restrictDefaultSecurityGroup: false,
    subnetConfiguration: [{ name: "app", subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }] });
  const address = new ec2.CfnEIP(stack, "Address", { domain: "vpc" });
  const [first] = vpc.isolatedSubnets;
  const gateway = new ec2.CfnNatGateway(stack, "Nat", { subnetId: first.subnetId, allocationId: address.attrAllocationId });
  vpc.isolatedSubnets.forEach((subnet, index) => new ec2.CfnRoute(stack, `Default${index}`, {
    routeTableId: subnet.routeTable.routeTableId, destinationCidrBlock: "0.0.0.0/0", natGatewayId: gateway.ref,
  }));
}

// What `cdk synth` asks of an app.
const AS_THE_COMMAND_LINE = { "aws:cdk:enable-path-metadata": true, "aws:cdk:enable-asset-metadata": true };

const APPS = { three_zones: threeZones, one_nat: oneNat, fargate, vpc_function: vpcFunction, hub_and_spoke: hubAndSpoke,
  two_stacks: twoStacks, nested_stack: nestedStack, stages };

for (const [name, make] of Object.entries(APPS)) {
  const app = new cdk.App({ outdir: `${process.argv[2]}/${name}`, analyticsReporting: false, treeMetadata: false,
    postCliContext: AS_THE_COMMAND_LINE });
  make(app);
  app.synth();
}
