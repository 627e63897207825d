// Package pack holds the word lists of the check garbled-text.
package pack

import "embed"

// Files are the packs, a file each.
//
//go:embed *.yaml
var Files embed.FS
