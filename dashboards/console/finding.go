package console

import (
	"cmp"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// A findingView is one case with all that proves and became of it.
type findingView struct {
	*desk.Evidence
	Desk     *desk.Desk
	History  []inspect.Step
	Forms    []form
	People   []inspect.User // who can be assigned
	Rule     *desk.RulePage // nil: the check is not there any more
	Items    []*inspect.Item
	Head     []headLine
	Excerpt  excerpt
	HTML     bool // there is a saved page that can be shown
	MayLook  bool // whoever asks may ask for another look
	Overdue  bool
	Wrong    string // why a step was not taken
	WrongAct inspect.Act
}

type headLine struct{ Name, Value string }

func (c *console) finding(q *request) error { return q.showFinding(http.StatusOK, nil, "") }

// showFinding shows a case; wrong is why a step on it was refused.
func (q *request) showFinding(status int, wrong error, act inspect.Act) error {
	ctx, d := q.r.Context(), q.desk
	e, err := d.Evidence(ctx, q.who(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	v := findingView{Evidence: e, Desk: d, Items: d.Items(e.Case.Check), WrongAct: act, Overdue: e.Case.Overdue(d.Now()),
		Forms: q.suggest(formsOf(d.Acts(q.who(), e.Case)), e.Case), MayLook: slices.Contains(deciders, q.user.Role)}
	if wrong != nil {
		v.Wrong = q.said(wrong)
	}
	if v.History, err = d.History(ctx, q.who(), e.Case.Fingerprint); err != nil {
		return err
	}
	if v.MayLook {
		if v.People, err = d.Assignees(ctx, q.who(), e.Case.Unit); err != nil {
			return err
		}
	}
	if v.Rule, err = d.RulePage(e.Case.Check); err != nil && !errors.Is(err, desk.ErrNone) {
		return err
	}
	if p := e.Page; p != nil {
		v.Head = headLines(p)
		if v.HTML = !e.Masked && isHTML(p) && len(p.Body) > 0; v.HTML {
			v.Excerpt = excerptOf(p, e.Case)
		}
	}
	return q.show(status, "finding", d.CheckTitle(e.Case.Check), v)
}

// headLines are what the server said of a page, in order of name.
func headLines(p *inspect.Page) (out []headLine) {
	for name, values := range p.Header {
		out = append(out, headLine{name, strings.Join(values, ", ")})
	}
	slices.SortFunc(out, func(a, b headLine) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func isHTML(p *inspect.Page) bool {
	return p.Type == "" || strings.Contains(p.Type, "html")
}

// decide takes a step on a case as its page shows it.
func (c *console) decide(q *request) error {
	step, err := q.step()
	if err != nil {
		return err
	}
	var version int64
	if _, err := fmt.Sscan(q.r.PostForm.Get("version"), &version); err != nil {
		return errForm
	}
	id := q.r.PathValue("id")
	_, err = c.desk.Act(q.r.Context(), q.who(), step, desk.Decision{Case: id, Version: version})
	var refusal *inspect.Refusal
	if errors.As(err, &refusal) || errors.Is(err, desk.ErrChanged) {
		status, _ := statusOf(err)
		return q.showFinding(status, err, step.Act)
	}
	if err != nil {
		return err
	}
	return q.see("/findings/"+id, "acted")
}

func (c *console) recheck(q *request) error {
	id := q.r.PathValue("id")
	asked, err := c.desk.Recheck(q.r.Context(), q.who(), id)
	if errors.Is(err, desk.ErrSoon) {
		return q.showFinding(http.StatusTooManyRequests, err, "")
	}
	if err != nil {
		return err
	}
	return q.see("/findings/"+id, map[bool]string{true: "recheck", false: "waiting"}[asked])
}

// evidence is what proves the case of the address, or [desk.ErrNone] where
// whoever asks may not see a body.
func (q *request) evidence() (*desk.Evidence, error) {
	e, err := q.desk.Evidence(q.r.Context(), q.who(), q.r.PathValue("id"))
	if err == nil && e.Masked {
		err = desk.ErrNone
	}
	return e, err
}

// cage is what a saved page may do: nothing. It has an origin of its own, loads
// nothing, and only the console may frame it.
const cage = "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

// savedPage shows a page as it was saved, without all that could act.
func (c *console) savedPage(q *request) error {
	e, err := q.evidence()
	if err != nil {
		return err
	}
	if e.Page == nil || !isHTML(e.Page) || len(e.Page.Body) == 0 {
		return desk.ErrNone
	}
	h := q.w.Header()
	h.Set("Content-Security-Policy", cage)
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = q.w.Write(marked(e.Page, e.Case))
	return nil
}

// savedBytes hands out a page byte for byte, as a file that no browser opens.
func (c *console) savedBytes(q *request) error {
	e, err := q.evidence()
	if err != nil {
		return err
	}
	if e.Page == nil || len(e.Page.Raw) == 0 {
		return desk.ErrNone
	}
	h := q.w.Header()
	h.Set("Content-Security-Policy", cage)
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(e.Case)}))
	_, _ = q.w.Write(e.Page.Raw)
	return nil
}

// fileName is a name of our own making: what a site calls its files is foreign.
func fileName(c *inspect.Case) string {
	ext := strings.ToLower(path.Ext(inspect.Path(c.URL)))
	if !slices.Contains([]string{".pdf", ".doc", ".docx", ".xls", ".xlsx", ".txt"}, ext) {
		ext = ".html"
	}
	return c.Fingerprint + ext + ".bin"
}

func (c *console) picture(q *request) error {
	e, err := q.evidence()
	if err != nil {
		return err
	}
	if e.Shown == nil || http.DetectContentType(e.Shown.Picture) != "image/jpeg" {
		return desk.ErrNone
	}
	q.w.Header().Set("Content-Type", "image/jpeg")
	_, _ = q.w.Write(e.Shown.Picture)
	return nil
}
