// Package checks lists what is measured. Each check stands in a folder of its
// own with its rule page (rule.md), its test and its cases (testdata/*.txtar);
// the list in all.go is generated from the folders.
//
// A check is pure: it sees a page, or what was remembered of a site, and
// reports what is wrong. It fetches nothing, asks no clock and knows no price.
// What it cannot tell it reports as unknown, never as failed.
//
// A new check is laid by
//
//	go run ./checks/new.go ID
//
// and is not done until its four kinds of case are written: fails, passes, on
// the boundary, could not tell. The folders accname, columns, labels, locus,
// pairing, rulepage, folders and checktest hold what several checks, or their
// tests, share.
package checks

//go:generate go run ./gen.go
