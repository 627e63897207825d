// Package bulletins is what is issued: an inspection, and later the papers of
// a month, a quarter and a year, one file a format. A bulletin adds no fact to
// what was found.
package bulletins

import (
	"io"

	"github.com/xunjian/xunjian/inspect"
)

// A Format writes an inspection.
type Format func(w io.Writer, in *inspect.Inspection) error

// Formats is the table of formats, in display order.
var Formats = []struct {
	Name  string
	Write Format
}{
	{"text", Text},
	{"json", JSON},
	{"html", HTML},
	{"earl", EARL},
}

// ByName is the format with a name, or nil.
func ByName(name string) Format {
	for _, f := range Formats {
		if f.Name == name {
			return f.Write
		}
	}
	return nil
}

// JSON writes the inspection as other tools read it.
func JSON(w io.Writer, in *inspect.Inspection) error { return in.WriteJSON(w) }
