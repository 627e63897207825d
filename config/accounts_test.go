package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/xunjian/xunjian/inspect"
)

const registerCSV = `代号,账号名称,平台,主办单位,是否认证,状态,状态日期,更新期限,来源
wx-1,示例发布,微信公众号,示例区人民政府办公室,是,运行,,10d,wechat key=office; feed https://feeds.example/1.xml name=订阅
wx-2,示例政务,微信,office,,正常,,,
wb-1,示例微博,微博,外单位,否,已迁移,2024年3月1日,,
`

// registered writes a configuration that names a register and loads it.
func registered(t *testing.T, name string, data []byte) (*Config, error) {
	t.Helper()
	dir := t.TempDir()
	for file, text := range map[string][]byte{name: data, "site.yaml": []byte("units: [{id: office, name: 示例区人民政府办公室}]\naccounts_file: " + name + "\n")} {
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Load(filepath.Join(dir, "site.yaml"))
}

func accountsOf(c *Config) (out []string) {
	for _, s := range c.Accounts {
		m := s.Account
		verified := "?"
		if m.Verified != nil {
			verified = fmt.Sprint(*m.Verified)
		}
		since := ""
		if !m.Since.IsZero() {
			since = m.Since.Format(time.DateOnly)
		}
		out = append(out, fmt.Sprint(s.ID, " ", s.Name, " ", m.Platform, " ", s.Unit, " ", verified, " ", m.Standing, " ", since, " ", m.Window, " ", len(m.Sources), " ", strings.Join(m.Twins, ",")))
	}
	return out
}

var registeredAccounts = []string{
	"wx-1 示例发布 wechat 示例区人民政府办公室 true running  10d 2 示例政务",
	"wx-2 示例政务 wechat 示例区人民政府办公室 ? running   0 示例发布",
	"wb-1 示例微博 weibo 外单位 false migrated 2024-03-01  0 ",
}

func TestRegisterCSV(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(registerCSV)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"utf-8": registerCSV, "with mark": "\ufeff" + registerCSV, "gbk": gbk} {
		c, err := registered(t, "accounts.csv", []byte(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d := cmp.Diff(registeredAccounts, accountsOf(c)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		s := c.Account("wx-1").Account.Sources
		if s[0].Kind != inspect.FromWeChat || s[0].Key != "office" || s[1].Name != "订阅" || s[1].URL != "https://feeds.example/1.xml" {
			t.Errorf("%s: sources %+v", name, s)
		}
	}
}

// A workbook holds days as numbers.
func TestRegisterXLSX(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	for i, row := range [][]any{{"代号", "名称", "平台", "主办单位", "开设日期"}, {"dy-1", "示例抖音", "抖音", "office", time.Date(2020, 1, 31, 0, 0, 0, 0, time.UTC)}} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	c, err := registered(t, "accounts.xlsx", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Accounts[0].Account.Opened; got.Format(time.DateOnly) != "2020-01-31" || c.Accounts[0].Unit != "示例区人民政府办公室" {
		t.Errorf("%+v opened %v", c.Accounts[0], got)
	}
}

// All mistakes of a register are told at once, with row and column.
func TestRegisterMistakes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{"cells", "a.csv", "代号,名称,平台,是否认证,状态,状态日期,来源\n甲,一,微信,是,运行,,\nx,,抖抖,也许,关停中,昨天,feed\nx,三,微博,,closed,,ftp x\n",
			[]string{":2:1: 第2行.id", ":3:3: 第3行.platform", ":3:4: 第3行.verified", ":3:6: 第3行.since", "第3行.name", "第3行.sources[0].url", ":4:1: 第4行.id", "第4行.since", ":4:7: 第4行.sources"}},
		{"head", "a.csv", "代号,名字,平台,平台\nx,一,微信,微信\n", []string{":1:2: 未知的列", ":1:4: 列", "缺少列 name"}},
		{"empty", "a.csv", "", []string{"是空的"}},
		{"no workbook", "a.xlsx", "not a workbook", []string{"无法读取"}},
		{"another format", "a.ods", "x", []string{"格式不受支持"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := registered(t, tt.file, []byte(tt.text))
			if err == nil {
				t.Fatal("no error")
			}
			for _, w := range tt.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("lacks %q:\n%v", w, err)
				}
			}
		})
	}
}

func TestAccountMistakes(t *testing.T) {
	t.Parallel()
	_, err := load("c.yaml", []byte(`sites: [{id: one, home: "http://a.example/"}]
accounts:
  - {id: one, name: 甲, platform: weibo}
  - {id: b, name: 乙, platform: weibo, state: shut, to: x, interaction: {menu: true}, sources: [{kind: rss}, {kind: weibo}, {kind: itunes, url: "javascript:x"}, {kind: list, url: "http://a.example/", selectors: {item: ">>"}}, {kind: itunes}]}
`))
	for _, w := range []string{`accounts[0].id: "one" 重复`, "accounts[1].state", "accounts[1].to", "interaction.checked: 缺少 checked", "sources[0].kind", "sources[1].key", "sources[2].url", "sources[3].selectors.item", "sources[4].name"} {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("lacks %q:\n%v", w, err)
		}
	}
}

// A secret shows in no message, however the file is broken or printed.
func TestMediaSecrets(t *testing.T) {
	t.Parallel()
	const secret = "hunter2hunter2"
	for text, good := range map[string]bool{"office: {appid: wx0, secret: " + secret + "}": true, "office: " + secret: false, "office: {pasword: " + secret + "}": false, "{" + secret: false} {
		dir := t.TempDir()
		for file, text := range map[string]string{"s.yaml": text, "site.yaml": "media_secrets_file: s.yaml\nsites: [{id: a, home: \"http://a.example/\"}]\n"} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		c, err := Load(filepath.Join(dir, "site.yaml"))
		if good != (err == nil) || err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", text, err)
		}
		if good && (c.MediaSecrets["office"].Secret != secret || strings.Contains(fmt.Sprintf("%v %+v %#v", c.MediaSecrets, c.MediaSecrets, c.MediaSecrets), secret)) {
			t.Errorf("%v", c.MediaSecrets)
		}
	}
}
