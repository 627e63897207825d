// Package metrics is what Prometheus reads: how the watched sites and accounts
// do, and how this program does.
//
// There are two sorts. Engine metrics count what happens, where it happens:
// rooms tell through small hooks, cmd hands them to the methods of [Metrics].
// Fleet metrics say how things stand: every so often [Metrics.Run] takes a
// [Fleet] from whoever has it and makes its series, so that a scrape reads what
// is ready and costs the same whatever the sites look like.
//
// Rules that hold for every metric stand with [List], from which the
// documentation is made: moments are exported, never ages; labels come from
// closed sets, but for sites, columns and accounts, whose number the register
// bounds; what nobody could tell has no series rather than a zero; no page, link
// or finding is ever a label.
package metrics
