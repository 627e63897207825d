// Package inspect is the vocabulary of Xunjian and its one loop.
//
// The flow goes one way:
//
//	config ─► schedule ─► crawler ─► pages ─► checks ─► findings ─► store ─► dashboards, alerts, bulletins
//
// The crawler fetches, a check measures, a rulebook judges. Every other room
// imports this package and none of its siblings; what a room needs of another
// it states as a small interface here or of its own, and cmd hands it over.
//
// The words:
//
//   - A [Site] is what is inspected; a [Column] (栏目) is a section of it that a
//     rule obliges its office to keep up to date.
//   - A [Source] yields [Event]s: a [Page] that was read, or what became of a
//     link [Target].
//   - A [Check] measures one thing on a page or a site and reports [Finding]s.
//     It has no HTTP client, no clock and no file, and never knows a price.
//   - An [Item] (指标) of a [Rulebook] prices findings: veto (单项否决),
//     deduction (扣分) or bonus (加分).
//   - An [Inspector] runs the loop and returns an [Inspection] with its [Grade].
//
// Three promises hold everywhere, because what we print accuses somebody:
// could-not-tell ([Unknown]) is never failed ([Fail]) and costs no points;
// each finding carries its evidence and its rule; the same pages, rules and
// now give the same findings, byte for byte.
package inspect
