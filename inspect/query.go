package inspect

import "time"

// A CaseQuery chooses cases. The zero query takes all, the newest stage first.
type CaseQuery struct {
	Units      []string // ids; nil: all. Whoever may see only some is given only these
	Sites      []string
	Checks     []string // ids, or families ending in "*"
	Stages     []Stage
	Severities []Part
	Kind       Kind
	Order      string
	Assignee   string
	Text       string    // in message, address or place
	Due        time.Time // its unit owes a repair, and the last day lies before this one
	DueFrom    time.Time // and does not lie before this one
	Relapsed   bool
	Pending    bool      // a waiver waits for a second person
	From, To   time.Time // of First; zero: no bound

	Sort  CaseSort
	After string // where the last page ended
	Limit int    // 0: 50
}

// A CaseSort is an order of cases.
type CaseSort string

// The orders.
const (
	ByChange CaseSort = ""      // what changed last comes first
	ByDue    CaseSort = "due"   // what is due first comes first; what has no order is left out
	ByFirst  CaseSort = "first" // what was found last comes first
)

// CaseCounts are how many cases there are of each of some words.
type CaseCounts map[string]int

// An OrderSheet is one order with how many cases it holds.
type OrderSheet struct {
	ID, Unit    string
	Cases, Open int
	Due         time.Time // the first last day of what is open; zero: nothing is
	Owed        time.Time // the first last day of what its unit still owes; zero: it owes nothing
}
