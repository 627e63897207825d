package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
)

// A bulletin from its draft to its end, by those who may: a draft is for
// supervisors, a preview for units too, an objection for the unit itself to
// see, and what is upheld accuses nobody any more.
func TestConsoleBulletin(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	h.plantUsual(t)
	month := period.Of(period.Month, h.now())
	h.p.cfg.Bulletin.Kinds = []string{"notice"}
	if err := h.drafts(t.Context(), month); err != nil {
		t.Fatal(err)
	}
	li, wang, zhao, qian := h.enter(t, "li"), h.enter(t, "wang"), h.enter(t, "zhao"), h.enter(t, "qian")
	at := "/bulletins/notice-" + month.String()
	step := func(v *visitor, want int, pairs ...string) {
		t.Helper()
		if status, body := v.post(t, at, pairs...); status != want {
			t.Errorf("%v: %d, want %d\n%.1500s", pairs, status, want, body[max(0, strings.Index(body, "<main")):])
		}
	}
	if status, _ := zhao.get(t, at); status != http.StatusNotFound {
		t.Errorf("a unit sees a draft: %d", status)
	}
	step(zhao, http.StatusNotFound, "act", "preview")
	step(li, http.StatusSeeOther, "act", "preview")
	if status, body := zhao.get(t, at); status != http.StatusOK || !strings.Contains(body, "提出异议") || strings.Contains(body, "开始异议期") {
		t.Errorf("a unit and its preview: %d\n%.600s", status, body)
	}
	step(li, http.StatusForbidden, "act", "object", "why", "不对")
	step(zhao, http.StatusForbidden, "act", "lock", "number", "1")
	step(zhao, http.StatusUnprocessableEntity, "act", "object", "why", " ")
	step(zhao, http.StatusNotFound, "act", "object", "case", officeCase, "why", "别人的")
	step(zhao, http.StatusSeeOther, "act", "object", "case", h.URL+"/findings/"+eduCase, "why", "当日已恢复")
	if _, body := qian.get(t, at); strings.Contains(body, "当日已恢复") {
		t.Error("another unit reads the objection")
	}
	step(li, http.StatusConflict, "act", "lock", "number", "青政办函〔2026〕1号", "leave", "1")
	step(wang, http.StatusSeeOther, "act", "uphold", "n", "1", "why", "属实")
	step(wang, http.StatusConflict, "act", "reject", "n", "1", "why", "再裁一次")
	stage(t, h, eduCase, inspect.StageRefuted)
	for _, f := range []string{".html", ".json"} {
		b, err := h.desk()
		if err != nil {
			t.Fatal(err)
		}
		s, err := b.Bulletin(t.Context(), &inspect.Person{Role: inspect.Supervisor}, "notice-"+month.String())
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range s.Files {
			if strings.HasSuffix(x.Name, f) {
				if status, text := zhao.get(t, at+"/files/"+x.Name); status != http.StatusOK || !strings.Contains(text, "教育局") {
					t.Errorf("%s: %d %.200s", x.Name, status, text)
				}
			}
		}
	}
	step(zhao, http.StatusBadRequest, "act", "nonsense")
}
