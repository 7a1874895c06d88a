a "b$c%d" {
}
