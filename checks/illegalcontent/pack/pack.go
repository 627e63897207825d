// Package pack holds the word lists of the check illegal-content.
package pack

import "embed"

// Files are the packs, a file each.
//
//go:embed *.yaml
var Files embed.FS
