package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/checks/accountcontent"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/crawler/media"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

type accountsImportCmd struct {
	accountFlags
	File    string `arg:"" help:"发布清单；列：账号代号、标题、发布时间、链接、发布方式（发布或群发）、正文"`
	Account string `placeholder:"ID" help:"全表同属的账号"`
	From    string `placeholder:"DATE" help:"清单从这一天起是完整的（默认最早一条的日期）"`
	Until   string `placeholder:"DATE" help:"清单到这一天为止是完整的；不给则只证明更新过，不能证明没有更新"`
	Kinds   string `enum:"all,published,mass-sent" default:"all" help:"清单包含的发布方式：all、published（发布）、mass-sent（群发）"`
	By      string `placeholder:"NAME" help:"报送人"`
}

func (accountsImportCmd) Examples() string {
	return "  xunjian accounts import -c district.yaml --until 2026-11-24 发布清单.xlsx"
}

func (c *accountsImportCmd) Run(e *env) error {
	cfg, st, now, err := c.open(e)
	if err != nil {
		return err
	}
	defer st.Close()
	posts, digest, err := c.read()
	if err != nil {
		return usageError{fmt.Errorf("%s：\n%w", c.File, err), "改正以上各处后重新导入；没有导入任何内容"}
	}
	var strange []string
	for id := range posts {
		if cfg.Account(id) == nil {
			strange = append(strange, id)
		}
	}
	if slices.Sort(strange); len(strange) > 0 {
		return usage("先在配置中登记账号；没有导入任何内容", "%s：登记中没有账号 %s", c.File, strings.Join(strange, "、"))
	}
	from, until, err := c.span(now)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(posts)) {
		list := posts[id]
		col := &inspect.Collection{Source: "导入", Kind: inspect.FromImport, At: time.Now().UTC(), Verdict: inspect.Fine, Posts: list, By: c.By, Digest: digest,
			From: from, To: list[0].Published, Complete: true}
		if from.IsZero() {
			col.From = list[len(list)-1].Published
		}
		if !until.IsZero() {
			col.To = until
		}
		if c.Kinds != "all" {
			col.Sees = []inspect.PostKind{inspect.PostKind(c.Kinds)}
		}
		accountcontent.Seal(col)
		switch err := st.Deposit(e.ctx, id, col, nil); {
		case errors.Is(err, store.ErrTwice):
			fmt.Fprintf(e.stdout, "%s：这份清单已经导入过，不再重复\n", id)
		case err != nil:
			return err
		default:
			fmt.Fprintf(e.stdout, "%s：导入 %d 条，最近一条 %s\n", id, len(list), list[0].Published.In(inspect.Zone).Format(time.DateOnly))
		}
	}
	return nil
}

// read reads the list, and the digest of its file for the evidence.
func (c *accountsImportCmd) read() (posts map[string][]inspect.Post, digest string, err error) {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(data)
	digest = "sha256:" + hex.EncodeToString(sum[:])
	if strings.EqualFold(filepath.Ext(c.File), ".json") {
		posts, err = media.JSON(data, c.Account)
		return posts, digest, err
	}
	rows, err := config.Table(c.File)
	if err != nil {
		return nil, "", err
	}
	posts, err = media.Rows(rows, c.Account)
	return posts, digest, err
}

// span are the first and the last moment of which the list says all.
func (c *accountsImportCmd) span(now time.Time) (from, until time.Time, err error) {
	if c.From != "" {
		if from, err = parseNow(c.From); err != nil {
			return from, until, usage("例：--from 2026-11-01", "--from %q 不是日期", c.From)
		}
	}
	if c.Until != "" {
		if until, err = parseNow(c.Until); err != nil {
			return from, until, usage("例：--until 2026-11-24", "--until %q 不是日期", c.Until)
		}
		if until = inspect.Day(until).AddDate(0, 0, 1).Add(-time.Second); inspect.DaysBetween(now, until) > 0 {
			return from, until, usage("清单不能说明将来", "--until %s 在今天之后", c.Until)
		}
	}
	return from, until, nil
}
