package inspect

import "time"

// A Span is the time from From until before To.
type Span struct{ From, To time.Time }

// Holds reports whether a moment lies in the span.
func (s Span) Holds(t time.Time) bool { return !t.Before(s.From) && t.Before(s.To) }

// A Conclusion is what a complete inspection of a whole target came to, as far as
// the paper of a period needs it.
type Conclusion struct {
	Inspection string    `json:"inspection"`
	Site       string    `json:"site"`
	At         time.Time `json:"at"` // its Now
	RulebookID string    `json:"rulebook"`
	Version    string    `json:"version"`
	Digest     string    `json:"digest"` // of the rulebook
	Grade      Grade     `json:"grade"`
	Counts     Counts    `json:"counts"`
	Clocks     []Clock   `json:"clocks"`
}

// A CheckCount is how many findings of a check an inspection left of a kind.
type CheckCount struct {
	Inspection string
	Check      string
	Outcome    Outcome
	State      State
	Findings   int
	Places     int
}

// Stands reports whether the findings are faults that do not wait for another
// look or for a person.
func (t *CheckCount) Stands() bool { return t.Outcome == Fail && t.State != SeenOnce }

// A ColumnVolume is how many dated rows of a column were seen whose date lies in a
// span: at least so many, since a look reads only the newest rows of a list.
type ColumnVolume struct {
	Site, Column string
	Items        int
}

// Visits is how the visits to a home page went in a span.
type Visits struct {
	Site                  string
	Visited, Told, Failed int
}

// Posts is how many posts of an account are dated in a span. Whole says that
// its sources prove there were no others.
type Posts struct {
	Account string
	Posts   int
	Whole   bool
}

// An Interpreted is the policy documents of a site whose rows are dated in a
// span, and how many of them have an interpretation that surely is theirs.
type Interpreted struct {
	Site              string
	Documents, Paired int
}
