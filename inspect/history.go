package inspect

import "time"

// A Round is what an earlier inspection of a site came to, as far as a report
// holds this one against it.
type Round struct {
	ID     string
	Now    time.Time // the day from which its windows counted back
	Rules  string    // digest of its rulebook
	Counts Counts
	Faults []Trace
}

// A Trace is a fault of a Round: what stood, not what waited for another look
// or for a person.
type Trace struct {
	Check, Class, Fingerprint string
	Value                     float64
}

// Stands reports whether a finding is a fault that does not wait for another
// look or for a person.
func (f *Finding) Stands() bool { return f.Outcome == Fail && f.State != SeenOnce }
