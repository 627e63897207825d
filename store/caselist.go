package store

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// ErrCursor says that a list cannot go on where its caller wants it to.
var ErrCursor = errors.New("翻页标记无效，请从第一页重新查看")

const caseLimit = 50

// searchRows is how many cases a search for words looks at at once: neither
// database has an index of parts of Chinese words. The next page goes on behind
// them.
const searchRows = 7_500

// Cases are the cases that a query takes, and where the next page begins; ""
// when there is none. A page of a search for words may have fewer cases than
// asked for, even none, though there is a next one.
func (s *Store) Cases(ctx context.Context, q inspect.CaseQuery) (page []inspect.Case, next string, err error) {
	limit := q.Limit
	if limit <= 0 {
		limit = caseLimit
	}
	column, _ := sortColumn(&q)
	n, err := s.foreseen(ctx, q)
	if err != nil || n == 0 {
		return nil, "", err
	}
	var rows []caseRow
	sel := s.db.NewSelect().Model(&rows)
	if q.Text == "" {
		sel = chosen(sel, &q)
	} else {
		sel = s.within(sel, &q)
	}
	if sel, err = onwards(sel, &q, n <= fewRows); err != nil {
		return nil, "", err
	}
	if err := sel.Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("cases: %w", hint(err, s.dir))
	}
	switch {
	case len(rows) > limit:
		last := &rows[limit-1]
		next = toCursor(map[string]int64{"since": last.Since, "due": last.Due, "owed": last.Owed, "first_seen": last.FirstSeen}[column], last.Fingerprint)
		rows = rows[:limit]
	case q.Text != "":
		if next, err = s.searched(ctx, q); err != nil {
			return nil, "", err
		}
	}
	page = make([]inspect.Case, len(rows))
	for i := range rows {
		if page[i], err = rows[i].into(); err != nil {
			return nil, "", err
		}
	}
	return page, next, nil
}

// fewRows are so few that finding them all and sorting them is quicker than
// walking through all cases in order until a page is full.
const fewRows = 2_000

// foreseen is how many cases a query takes, as far as the tally knows: of those
// that it is asked to choose by besides, there may be fewer.
func (s *Store) foreseen(ctx context.Context, q inspect.CaseQuery) (n int, err error) {
	q.Order, q.Assignee, q.Text, q.Pending, q.Sort = "", "", "", false, inspect.ByChange
	q.Due, q.DueFrom, q.From, q.To = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	by, err := s.CountCases(ctx, q, "severity")
	for _, k := range by {
		n += k
	}
	return n, err
}

// onwards sorts, and begins where the last page ended. Of few rows, a database
// is kept from taking the order for what it should look through.
func onwards(sel *bun.SelectQuery, q *inspect.CaseQuery, few bool) (*bun.SelectQuery, error) {
	name, desc := sortColumn(q)
	column := bun.SafeQuery("?", bun.Ident(name))
	if few {
		column = bun.SafeQuery("? + 0", bun.Ident(name))
	}
	op, dir := ">", "ASC"
	if desc {
		op, dir = "<", "DESC"
	}
	if q.After != "" {
		at, print, err := cursor(q.After)
		if err != nil {
			return nil, err
		}
		sel = sel.Where("(?, fingerprint) "+op+" (?, ?)", column, at, print)
	}
	return sel.OrderExpr("? "+dir+", fingerprint "+dir, column), nil
}

// within takes those with a query's words among the first that it takes otherwise.
func (s *Store) within(sel *bun.SelectQuery, q *inspect.CaseQuery) *bun.SelectQuery {
	some := *q
	some.Text = ""
	first, err := onwards(chosen(s.db.NewSelect().Model((*caseRow)(nil)), &some), q, false)
	if err != nil {
		return sel.Err(err)
	}
	return sel.ModelTableExpr("(?) AS k", first.Limit(searchRows)).Where(`words LIKE ? ESCAPE '\'`, "%"+likeEscaper.Replace(strings.ToLower(clean(q.Text)))+"%")
}

// searched is where a search goes on that looked at as many as it may; "" when
// it looked at all.
func (s *Store) searched(ctx context.Context, q inspect.CaseQuery) (next string, err error) {
	q.Text = ""
	column, _ := sortColumn(&q)
	var last []struct {
		At          int64
		Fingerprint string
	}
	sel, err := onwards(chosen(s.db.NewSelect().Model((*caseRow)(nil)), &q), &q, false)
	if err != nil {
		return "", err
	}
	if err := sel.ColumnExpr("? AS at, fingerprint", bun.Ident(column)).Offset(searchRows-1).Limit(1).Scan(ctx, &last); err != nil {
		return "", fmt.Errorf("cases: %w", hint(err, s.dir))
	}
	if len(last) == 0 {
		return "", nil
	}
	return toCursor(last[0].At, last[0].Fingerprint), nil
}

// chosen adds the conditions of a query, but for its words.
func chosen(sel *bun.SelectQuery, q *inspect.CaseQuery) *bun.SelectQuery {
	if q.Units != nil {
		sel = oneOf(sel, "unit", q.Units)
	}
	for column, words := range map[string][]string{"site": q.Sites, "stage": texts(q.Stages), "severity": texts(q.Severities)} {
		if len(words) > 0 {
			sel = oneOf(sel, column, words)
		}
	}
	if len(q.Checks) > 0 {
		sel = sel.WhereGroup(" AND ", func(g *bun.SelectQuery) *bun.SelectQuery {
			for _, c := range q.Checks {
				if family, ok := strings.CutSuffix(c, "*"); ok {
					g = g.WhereOr("check_id >= ? AND check_id < ?", family, family+"\x7f")
				} else {
					g = g.WhereOr("check_id = ?", c)
				}
			}
			return g
		})
	}
	for column, word := range map[string]string{"kind": string(q.Kind), "order_id": q.Order, "assignee": q.Assignee} {
		if word != "" {
			sel = sel.Where("? = ?", bun.Ident(column), word)
		}
	}
	if q.Sort == inspect.ByDue && !owing(q) {
		sel = sel.Where("due > 0")
	}
	// Where the last page ended is the lower bound of the next one: a database
	// would take this one for it.
	if from := max(1, nanos(q.DueFrom)); owing(q) && (q.Sort != inspect.ByDue || q.After == "") {
		sel = sel.Where("owed >= ?", from)
	}
	if !q.Due.IsZero() {
		sel = sel.Where("owed < ?", nanos(q.Due))
	}
	if q.Relapsed {
		sel = sel.Where("relapses > 0")
	}
	if q.Pending {
		sel = sel.Where("pending")
	}
	for op, t := range map[string]time.Time{">=": q.From, "<": q.To} {
		if !t.IsZero() {
			sel = sel.Where("first_seen "+op+" ?", nanos(t))
		}
	}
	return sel
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// oneOf takes rows whose column is one of some words; none takes nothing.
func oneOf(sel *bun.SelectQuery, column string, words []string) *bun.SelectQuery {
	switch len(words) {
	case 0:
		return sel.Where("1 = 0")
	case 1:
		return sel.Where("? = ?", bun.Ident(column), words[0])
	}
	return sel.Where("? IN (?)", bun.Ident(column), bun.List(words))
}

func texts[T ~string](in []T) (out []string) {
	for _, x := range in {
		out = append(out, string(x))
	}
	return out
}

// owing reports whether a query takes only cases that ask something of a unit
// by some day.
func owing(q *inspect.CaseQuery) bool { return !q.Due.IsZero() || !q.DueFrom.IsZero() }

func sortColumn(q *inspect.CaseQuery) (column string, desc bool) {
	switch q.Sort {
	case inspect.ByDue:
		if owing(q) {
			return "owed", false // the same day, and one index finds and sorts them
		}
		return "due", false
	case inspect.ByFirst:
		return "first_seen", true
	}
	return "since", true
}

func toCursor(at int64, fingerprint string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(at, 36) + " " + fingerprint))
}

func cursor(s string) (at int64, fingerprint string, err error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return 0, "", ErrCursor
	}
	n, fingerprint, ok := strings.Cut(string(b), " ")
	if at, err = strconv.ParseInt(n, 36, 64); err != nil || !ok {
		return 0, "", ErrCursor
	}
	return at, clean(fingerprint), nil
}
