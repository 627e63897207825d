// Package langtag says whether a language tag names a language.
package langtag

import (
	"errors"
	"strings"

	"golang.org/x/text/language"
)

// Valid reports whether the primary subtag is a registered language in its
// shortest form. Some registered ones are, on Chinese pages, only mistakes. Of
// three letters that the table does not know a language may have been
// registered since: they pass.
func Valid(lang string) bool {
	primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(lang)), "-")
	switch primary {
	case "zh", "en":
		return true
	case "chn", "cn", "chs", "cht", "und", "mul":
		return false
	}
	b, err := language.ParseBase(primary)
	var unknown language.ValueError
	if errors.As(err, &unknown) && len(primary) == 3 {
		return true
	}
	return err == nil && b.String() == primary
}
