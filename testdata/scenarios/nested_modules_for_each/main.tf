# The broken form two modules deep: a module per network, in it a module per zone made by `for_each`, whose outputs come up
# one by one. Zone b sends its default route to the NAT gateway in zone a.

provider "aws" {
  region = "us-east-1"
}

module "network" {
  source     = "./network"
  cidr_block = "10.0.0.0/16"
  zones = {
    a = { number = 0, through_nat = false }
    b = { number = 1, through_nat = true }
  }
}

module "front" {
  source  = "./front"
  vpc     = module.network.vpc
  subnets = [module.network.subnet_a, module.network.subnet_b]
}
