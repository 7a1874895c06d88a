# The wait is an argument of a module, two calls away from the load balancer, and the NAT gateways are counted.

module "platform" {
  source = "./platform"
  wait   = 1200
}
