// Package langtag says whether a language tag names a language.
package langtag

import (
	"strings"

	"golang.org/x/text/language"
)

// Valid reports whether the primary subtag is a registered language in its
// shortest form. Some registered ones are, on Chinese pages, only mistakes.
func Valid(lang string) bool {
	primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(lang)), "-")
	switch primary {
	case "zh", "en":
		return true
	case "chn", "cn", "und", "mul":
		return false
	}
	b, err := language.ParseBase(primary)
	return err == nil && b.String() == primary
}
