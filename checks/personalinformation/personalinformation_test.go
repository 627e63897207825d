package personalinformation

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/checks/accountcontent"
	"github.com/xunjian/xunjian/checks/checktest"
	"github.com/xunjian/xunjian/checks/garbledtext"
	"github.com/xunjian/xunjian/checks/illegalcontent"
	"github.com/xunjian/xunjian/checks/misstatement"
	"github.com/xunjian/xunjian/checks/privacy"
	"github.com/xunjian/xunjian/checks/secrecymark"
	"github.com/xunjian/xunjian/checks/typo"
	"github.com/xunjian/xunjian/inspect"
)

func Test(t *testing.T) { checktest.Run(t, Check) }

// longNumber is what may be somebody's number.
var longNumber = regexp.MustCompile(`[0-9*]{10,}[0-9Xx*]`)

// TestNoFindingHoldsAValue walks all findings of all checks of content over
// all their cases: none holds a number of the pages that may be somebody's.
func TestNoFindingHoldsAValue(t *testing.T) {
	content := []*inspect.Check{Check, accountcontent.Check, garbledtext.Check, illegalcontent.Check, misstatement.Check, secrecymark.Check, typo.Check}
	files, err := filepath.Glob("../*/testdata/*.txtar")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d cases: %v", len(files), err)
	}
	reported := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !longNumber.Match(data) {
			continue
		}
		pages, _, _ := strings.Cut(string(data), "\n-- want --")
		numbers := longNumber.FindAllString(pages, -1)
		for _, f := range checktest.Inspect(t, name, content...).Findings {
			reported++
			said := strings.Join(append([]string{f.Message, f.Locus, f.Class, f.Unit}, f.Examples...), " ")
			for _, n := range numbers {
				if strings.Contains(said, n) && !strings.Contains(f.URL, n) && strings.Count(n, "*") < 4 {
					t.Errorf("%s: %s tells %s: %s", name, f.Check, n, said)
				}
			}
			if v := privacy.Scan(said, time.Now()); len(v) > 0 {
				t.Errorf("%s: %s tells %v", name, f.Check, v)
			}
		}
	}
	if reported < 5 {
		t.Errorf("only %d findings walked", reported)
	}
}

// onPage runs the check and returns what it reports and conceals.
func onPage(t *testing.T, page *inspect.Page) (found []inspect.Finding, secrets []inspect.Secret) {
	t.Helper()
	run, err := Check.Bind(func(any) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	p := &inspect.Pass{Site: &inspect.Site{}, Now: time.Date(2024, 6, 1, 9, 0, 0, 0, inspect.Zone), Page: page,
		Report:  func(f inspect.Finding) { found = append(found, f) },
		Conceal: func(s ...inspect.Secret) { secrets = append(secrets, s...) }}
	if err := run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return found, secrets
}

func TestAttachment(t *testing.T) {
	const id = "11010519491231002X"
	var rows [][]string
	rows = append(rows, []string{"姓名", "身份证号", "联系电话"})
	for i := range 30 {
		rows = append(rows, []string{fmt.Sprint("张某", i), id, fmt.Sprintf("138000011%02d", i)})
	}
	d := &inspect.Document{Format: "xlsx", Parts: []inspect.DocumentPart{
		{Name: "工作表“名单”", Hidden: true, Tables: [][][]string{rows}},
		{Name: "第2页", Text: "王某，身份证号 " + id + "\n李某，身份证号11010519491231002X，银行卡号6222 0212 3456 7894"}}}
	found, secrets := onPage(t, &inspect.Page{Document: d})
	if len(found) != 1 || found[0].Value != 1 || found[0].Outcome != inspect.Review || found[0].Class != "identity" {
		t.Fatalf("%+v", found)
	}
	want := "疑似泄露个人信息，涉及1人：身份证号码1个（如110105********002X）、银行账号1个（如************7894）、手机号码30个（如138****1100）；位于工作表“名单”，隐藏、第2页"
	if found[0].Message != want {
		t.Errorf("%s\nwant %s", found[0].Message, want)
	}
	raw := map[string]string{}
	for _, s := range secrets {
		raw[s.Raw] = s.Mask
	}
	for r, m := range map[string]string{id: "110105********002X", "6222 0212 3456 7894": "**** **** **** 7894", "6222021234567894": "************7894", "13800001129": "138****1129"} {
		if raw[r] != m {
			t.Errorf("%s is masked as %q", r, raw[r])
		}
	}
}

func TestScannedAttachment(t *testing.T) {
	for _, d := range []*inspect.Document{
		{Format: "pdf", Parts: []inspect.DocumentPart{{Images: 3}}},
		{Format: "doc", Incomplete: "文件加密"},
	} {
		found, _ := onPage(t, &inspect.Page{Document: d})
		if len(found) != 1 || found[0].Outcome != inspect.Unknown {
			t.Errorf("%+v", found)
		}
	}
}
