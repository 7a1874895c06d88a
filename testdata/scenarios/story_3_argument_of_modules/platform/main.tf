variable "wait" {
  type = number
}

module "network" {
  source = "./network"
  block  = "10.0.0.0/16"
  zones  = ["us-east-1a", "us-east-1b"]
}

module "service" {
  source         = "./service"
  vpc            = module.network.vpc
  public_subnets = module.network.public_subnets
  app_subnets    = module.network.app_subnets
  wait           = var.wait
}
