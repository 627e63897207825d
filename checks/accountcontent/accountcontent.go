// Package accountcontent is the check account-content: wordings, marks and
// personal information in the posts of an account.
package accountcontent

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"github.com/xunjian/xunjian/checks/accounts"
	"github.com/xunjian/xunjian/checks/draft"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

// Check is the check account-content.
var Check = inspect.NewCheck("account-content", rule, inspect.PerAccount, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	posts, texts := 0, 0
	seen := map[string]bool{}
	for _, c := range p.Feeds {
		if !c.Read() {
			continue
		}
		for i := range c.Posts {
			post := &c.Posts[i]
			posts++
			if strings.TrimSpace(post.Text) != "" {
				texts++
			}
			key := post.URL + "\x00" + post.Title + "\x00" + post.Text
			if seen[key] {
				continue
			}
			seen[key] = true
			found, secrets := Scan(post, c.Evidence())
			for _, f := range found {
				p.Report(f)
			}
			if p.Conceal != nil && len(secrets) > 0 {
				p.Conceal(secrets...)
			}
		}
	}
	if posts == 0 && !p.Site.Account.Judged(p.Now) {
		p.Due(0)
		return nil
	}
	if texts == 0 {
		why := "没有读取到任何发布；" + accounts.Dead(p)
		switch {
		case posts > 0:
			why = "只读取到标题，没有正文"
		case len(accounts.Posting(p)) > 0:
			why = "来源中没有任何发布"
		}
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "posts", Message: "账号" + accounts.Name(p.Site) + "的发布内容未能检查：" + why})
	}
	p.Due(max(1, posts))
	return nil
}

// Scan is what a person should look at in a post, and the values in it that
// nobody may keep. Offices are judged by the day of the post.
func Scan(post *inspect.Post, e inspect.Evidence) (found []inspect.Finding, secrets []inspect.Secret) {
	text := post.Title + "\n" + post.Text
	for _, h := range draft.Review(text, draft.Options{Now: post.Published}) {
		if h.Check == "personal-information" {
			secrets = append(secrets, inspect.Secret{Raw: text[h.Start:h.End], Mask: h.Text})
		}
		place := cmp.Or(post.URL, post.ID, day(post.Published))
		f := inspect.Finding{Outcome: inspect.Review, URL: post.URL, Locus: h.Check + " " + h.Text, Class: h.Check, Evidence: e,
			Message: fmt.Sprintf("%s《%s》：%s", day(post.Published), zh.Truncate(cmp.Or(post.Title, strings.TrimSpace(post.Text)), 40), h.Message)}
		if post.URL == "" {
			f.Locus += " @" + place
		}
		found = append(found, f)
	}
	return found, secrets
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return accounts.Date(t)
}

// Seal masks what nobody may keep in posts that are put aside, and leaves with
// them what the check says of it.
func Seal(c *inspect.Collection) {
	for i := range c.Posts {
		post := &c.Posts[i]
		found, secrets := Scan(post, c.Evidence())
		if len(secrets) == 0 {
			continue
		}
		if c.Sealed == nil {
			c.Sealed = map[string][]inspect.Finding{}
		}
		var pairs []string
		for _, s := range secrets {
			pairs = append(pairs, s.Raw, s.Mask)
		}
		conceal := strings.NewReplacer(pairs...)
		for _, f := range found {
			if f.Class == "personal-information" {
				f.Check, f.Message = Check.ID, conceal.Replace(f.Message)
				c.Sealed[Check.ID] = append(c.Sealed[Check.ID], f)
			}
		}
		post.Title, post.Text, post.URL = conceal.Replace(post.Title), conceal.Replace(post.Text), conceal.Replace(post.URL)
	}
}
