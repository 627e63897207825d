// Package config reads what to watch and by which rules.
//
// Two kinds of file are read here, both strict YAML: the configuration with
// its sites, units, accounts and schedules ([Load]), and rulebooks with the
// items that price findings ([LoadRules]). The front matter of a check's rule
// page is read by the same decoder ([ReadFront]).
//
// Defaults come first, strict decoding second, validation third, and a person
// who repairs a file gets all mistakes at once, each with file, line, column
// and path. The strict decoder of goccy/go-yaml stops at the first unknown key
// or wrong type, so the syntax tree that it parses is walked here against the
// Go types instead.
//
// Nothing is expanded from the environment; a secret is named by a *_file key.
package config
