package alerts

// Pace is for tests of rates in a bubble of time.
var Pace = pace
