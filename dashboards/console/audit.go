package console

import (
	"fmt"
	"iter"
	"net/http"
	"strconv"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/dashboards/sheet"
)

// An auditView is the log of what people did.
type auditView struct {
	Entries []desk.Entry
	Subject string
	Next    string
	Broken  int64 // number of the first entry that was altered; 0: none is known
}

const auditShown = 100

func (c *console) audit(q *request) error { return q.showAudit(auditView{}) }

func (q *request) showAudit(v auditView) error {
	v.Subject = q.r.FormValue("subject")
	before, _ := strconv.ParseInt(q.r.FormValue("before"), 10, 64)
	if q.exported() != "" {
		type e = desk.Entry
		return export(q, "audit", []sheet.Column[e]{
			sheet.Of("seq", "序号", func(x e) any { return x.Seq }), sheet.Of("at", "时间", func(x e) any { return x.At }), sheet.Of("person", "人员", func(x e) any { return x.Person.ID }),
			sheet.Of("name", "姓名", func(x e) any { return x.Person.Name }), sheet.Of("role", "角色", func(x e) any { return string(x.Person.Role) }), sheet.Of("act", "操作", func(x e) any { return x.Act }),
			sheet.Of("subject", "对象", func(x e) any { return x.Subject }), sheet.Of("body", "内容", func(x e) any { return x.Text() }), sheet.Of("hash", "校验值", func(x e) any { return x.Hash }),
		}, q.entries(v.Subject))
	}
	var err error
	if v.Entries, err = q.desk.AuditLog(q.r.Context(), q.who(), v.Subject, before, auditShown); err != nil {
		return err
	}
	if len(v.Entries) == auditShown {
		v.Next = with(here(q.r.URL), "before", strconv.FormatInt(v.Entries[auditShown-1].Seq, 10))
	}
	return q.show(http.StatusOK, "audit", q.tr("审计"), v)
}

// entries are all entries of a subject, newest first.
func (q *request) entries(subject string) iter.Seq2[desk.Entry, error] {
	return func(yield func(desk.Entry, error) bool) {
		for before := int64(0); ; {
			page, err := q.desk.AuditLog(q.r.Context(), q.who(), subject, before, 500)
			if err != nil {
				yield(desk.Entry{}, err)
				return
			}
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
			}
			if len(page) < 500 {
				return
			}
			before = page[len(page)-1].Seq
		}
	}
}

func (c *console) verifyAudit(q *request) error {
	broken, err := c.desk.VerifyAudit(q.r.Context(), q.who())
	if err != nil {
		return err
	}
	if broken == 0 {
		return q.see("/audit", "intact")
	}
	q.log("the audit log was altered", fmt.Errorf("entry %d", broken))
	return q.showAudit(auditView{Broken: broken})
}
