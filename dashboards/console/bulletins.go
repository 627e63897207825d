package console

import (
	"errors"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/dashboards/sheet"
	"github.com/xunjian/xunjian/inspect"
)

type bulletinsView struct {
	Desk      *desk.Desk
	Bulletins []inspect.Bulletin
	Papers    []desk.Paper
}

func (c *console) bulletins(q *request) error {
	ctx := q.r.Context()
	all, err := c.desk.Bulletins(ctx, q.who())
	if err != nil {
		return err
	}
	if q.exported() != "" {
		type b = inspect.Bulletin
		return export(q, "bulletins", []sheet.Column[b]{
			sheet.Of("id", "编号", func(x b) any { return x.ID }),
			sheet.Of("title", "名称", func(x b) any { return c.desk.Press.Title(&x) }),
			sheet.Of("period", "时期", func(x b) any { return x.Period }),
			sheet.Of("unit", "责任单位", func(x b) any { return x.Unit }),
			sheet.Of("state", "状态", func(x b) any { return q.tr(bulletinState(x.State)) }),
			sheet.Of("number", "发文字号", func(x b) any { return x.Number }),
			sheet.Of("closes", "异议截止", func(x b) any { return x.Closes }),
			sheet.Of("locked", "定稿", func(x b) any { return x.Locked }),
			sheet.Of("digest", "摘要值", func(x b) any { return x.Digest }),
		}, sheet.List(all))
	}
	papers, err := c.desk.Issued(ctx, q.who())
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, "bulletins", q.tr("通报"), bulletinsView{c.desk, all, papers})
}

// bulletinState is what people call a state.
func bulletinState(s inspect.BulletinState) string {
	return map[inspect.BulletinState]string{inspect.Drafted: "初稿", inspect.Previewed: "异议期", inspect.Locked: "已定稿"}[s]
}

// A bulletinView is one bulletin, and what whoever looks may do with it.
type bulletinView struct {
	*desk.Sheaf
	Desk                           *desk.Desk
	Page                           string // the file that is shown
	Wrong                          string
	MayPreview, MayObject, MayLock bool
	MaySettle                      bool
}

func (c *console) bulletin(q *request) error { return q.showBulletin(http.StatusOK, "") }

func (q *request) showBulletin(status int, wrong string) error {
	s, err := q.desk.Bulletin(q.r.Context(), q.who(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	v := bulletinView{Sheaf: s, Desk: q.desk, Wrong: wrong}
	for _, f := range s.Files {
		if path.Ext(f.Name) == ".html" {
			v.Page = f.Name
		}
	}
	open := q.desk.Now().Before(s.Closes)
	supervisor := q.user.Role == inspect.Supervisor
	v.MayPreview = supervisor && s.State == inspect.Drafted
	v.MayObject = q.user.Role == inspect.Agency && s.State == inspect.Previewed && open
	v.MaySettle = supervisor && s.State != inspect.Locked
	v.MayLock = supervisor && s.State == inspect.Previewed && !open
	return q.show(status, "bulletin", q.desk.Press.Title(&s.Bulletin), v)
}

// changeBulletin moves a bulletin on in its life.
func (c *console) changeBulletin(q *request) error {
	if err := q.r.ParseForm(); err != nil {
		return errForm
	}
	err := c.press(q)
	var refusal *inspect.Refusal
	if errors.As(err, &refusal) {
		status, _ := statusOf(err)
		return q.showBulletin(status, q.said(refusal))
	}
	if err != nil {
		return err
	}
	return q.see("/bulletins/"+q.r.PathValue("id"), "acted")
}

func (c *console) press(q *request) error {
	ctx, id, v := q.r.Context(), q.r.PathValue("id"), q.r.PostForm
	switch v.Get("act") {
	case "preview":
		return c.desk.PreviewBulletin(ctx, q.who(), id)
	case "object":
		return c.desk.ObjectTo(ctx, q.who(), id, fingerprintOf(v.Get("case")), clipped(v.Get("why")))
	case "uphold", "reject":
		n, err := strconv.Atoi(v.Get("n"))
		if err != nil {
			return errForm
		}
		return c.desk.SettleObjection(ctx, q.who(), id, n, v.Get("act") == "uphold", clipped(v.Get("why")))
	case "lock":
		return c.desk.LockBulletin(ctx, q.who(), id, v.Get("number"), v.Get("leave") != "")
	}
	return errForm
}

// fingerprintOf takes a fingerprint as it is, or as the address of a finding's
// page, which is what people have at hand.
func fingerprintOf(s string) string {
	s = strings.TrimRight(strings.TrimSpace(s), "/")
	return s[strings.LastIndex(s, "/")+1:]
}

// bulletinFile hands out a file of a bulletin. A page is shown, in a cage;
// everything else is a download.
func (c *console) bulletinFile(q *request) error {
	name := q.r.PathValue("name")
	data, err := c.desk.BulletinFile(q.r.Context(), q.who(), q.r.PathValue("id"), name)
	if err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'")
	h.Set("X-Frame-Options", "SAMEORIGIN")
	switch ext := path.Ext(name); ext {
	case ".html":
		h.Set("Content-Type", "text/html; charset=utf-8")
	default:
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	}
	_, _ = q.w.Write(data) // #nosec G705 -- pages of ours, escaped by html/template; everything else is a download
	return nil
}
