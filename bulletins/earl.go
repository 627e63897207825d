package bulletins

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// earlContext names the vocabularies: EARL 1.0, Dublin Core and pointers.
var earlContext = map[string]string{
	"earl": "http://www.w3.org/ns/earl#",
	"dct":  "http://purl.org/dc/terms/",
	"ptr":  "http://www.w3.org/2009/pointers#",
	"xsd":  "http://www.w3.org/2001/XMLSchema#",
}

// actRules is where the rules of the ACT community stand, by their ids.
const actRules = "https://www.w3.org/WAI/standards-guidelines/act/rules/"

type earlNode struct {
	ID    string `json:"@id,omitempty"`
	Type  string `json:"@type,omitempty"`
	Title string `json:"dct:title,omitempty"`
}

type earlCriterion struct {
	earlNode
	WCAG []string   `json:"dct:subject,omitempty"`  // success criteria
	ACT  []earlNode `json:"dct:relation,omitempty"` // rules that it takes part in
	GB   []string   `json:"dct:source,omitempty"`   // clauses of GB/T 37668-2019 that a person filled in
}

type earlAssertion struct {
	Type     string        `json:"@type"`
	Assertor earlNode      `json:"earl:assertedBy"`
	Subject  earlNode      `json:"earl:subject"`
	Test     earlCriterion `json:"earl:test"`
	Mode     earlNode      `json:"earl:mode"`
	Result   earlResult    `json:"earl:result"`
}

type earlResult struct {
	Type    string        `json:"@type"`
	Outcome earlNode      `json:"earl:outcome"`
	Info    string        `json:"earl:info"`
	Pointer []earlPointer `json:"earl:pointer,omitempty"`
	Date    earlDate      `json:"dct:date"`
	Of      string        `json:"dct:identifier"` // the finding's fingerprint
}

type earlPointer struct {
	Type       string `json:"@type"`
	Expression string `json:"ptr:expression"`
}

type earlDate struct {
	Type  string `json:"@type"`
	Value string `json:"@value"`
}

// EARL writes what was found of accessibility as EARL 1.0 in JSON-LD: one
// assertion a finding and page. What passed is not kept, so nothing is said of
// it; of a finding on many pages those are told that it names.
func EARL(w io.Writer, in *inspect.Inspection) error {
	assertor := earlNode{ID: "urn:xunjian", Type: "earl:Software", Title: "Xunjian"}
	tests := map[string]earlCriterion{}
	for i := range in.Rules.Checks {
		if c := in.Rules.Checks[i].Check; accessible(c) {
			tests[c.ID] = criterion(in, c)
		}
	}
	graph := []any{assertor}
	for i := range in.Findings {
		f := &in.Findings[i]
		t, ok := tests[f.Check]
		if !ok {
			continue
		}
		if f.Check == deepCheck && f.Class != "" { // axe-core's rule, with its own criteria
			t.ID += ":" + f.Class
			t.WCAG = newAccessRule(in, f).WCAG
		}
		for _, u := range pagesOf(f) {
			graph = append(graph, earlAssertion{Type: "earl:Assertion", Assertor: earlNode{ID: assertor.ID}, Subject: earlNode{ID: u, Type: "earl:TestSubject"},
				Test: t, Mode: earlNode{ID: "earl:automatic"}, Result: earlResultOf(in, f, u)})
		}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Context map[string]string `json:"@context"`
		Graph   []any             `json:"@graph"`
	}{earlContext, graph})
}

func criterion(in *inspect.Inspection, c *inspect.Check) earlCriterion {
	t := earlCriterion{earlNode: earlNode{ID: "urn:xunjian:check:" + c.ID, Type: "earl:TestCriterion", Title: titleOf(in, c.ID)}, WCAG: frontList(c, "wcag")}
	for _, x := range clauses(in.Rules, c.ID) {
		t.GB = append(t.GB, "GB/T 37668-2019 "+x)
	}
	for _, id := range frontList(c, "act") {
		t.ACT = append(t.ACT, earlNode{ID: actRules + id + "/"})
	}
	return t
}

// earlResultOf is failed only for what stands: what a person must confirm, or
// another day must show again, is cantTell.
func earlResultOf(in *inspect.Inspection, f *inspect.Finding, page string) earlResult {
	r := earlResult{Type: "earl:TestResult", Outcome: earlNode{ID: "earl:cantTell"}, Info: f.Message, Of: f.Fingerprint}
	if f.Outcome == inspect.Fail && !suspected(f) {
		r.Outcome.ID = "earl:failed"
	}
	if n := len(f.Examples); n > 0 && f.Places > n {
		r.Info += fmt.Sprintf("（共 %d 页，列出 %d 页）", f.Places, n)
	}
	switch {
	case f.Browser != nil && page != f.URL: // selectors are of the page that is named first
	case f.Browser != nil:
		for _, n := range f.Browser.Elements {
			r.Pointer = append(r.Pointer, earlPointer{"ptr:ExpressionPointer", n.Target})
		}
	case f.Locus != "":
		r.Pointer = []earlPointer{{"ptr:ExpressionPointer", f.Locus}}
	}
	at := f.Evidence.Fetched
	if at.IsZero() {
		at = in.Started
	}
	r.Date = earlDate{"xsd:dateTime", at.UTC().Format(time.RFC3339)}
	return r
}
