package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/alerts"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

type bulletinSendCmd struct {
	pressFlags
	ID      string `arg:"" help:"编号，如 notice-2026-10"`
	Channel string `placeholder:"ID" help:"用哪个邮件渠道（默认配置中的第一个）"`
	DryRun  bool   `help:"只列出寄给谁、附什么"`
}

func (bulletinSendCmd) Examples() string {
	return "  xunjian bulletin send -c district.yaml notice-2026-10 --dry-run\n  xunjian bulletin send -c district.yaml scorecard-2026-10"
}

// A letter is a bulletin on its way to one contact.
type letter struct {
	contact, address string
	files            []string
}

// Run sends a bulletin to the contacts of the section alerts: to all that
// supervise, and what concerns it to each unit, once it is shown to units.
func (c *bulletinSendCmd) Run(e *env) error {
	return c.placeAndRules.with(e, func(p *plan, d *press) error {
		b, files, _, err := d.st.Bulletin(e.ctx, c.ID)
		if err != nil {
			return mistaken(err)
		}
		courier, channel, err := courierOf(p.cfg, c.Channel)
		if err != nil {
			return err
		}
		letters := lettersOf(p.cfg, channel, &b, files)
		if len(letters) == 0 {
			return usage("在 alerts.contacts 中为联系人写上渠道 "+channel+" 和邮箱", "没有联系人经渠道 %s 收件", channel)
		}
		var errs []error
		for _, l := range letters {
			fmt.Fprintf(e.stdout, "%s  %s  %s\n", l.contact, l.address, strings.Join(l.files, "、"))
			if !c.DryRun {
				errs = append(errs, d.send(e.ctx, courier, &b, l, c.person(), p.now))
			}
		}
		return errors.Join(errs...)
	})
}

// courierOf is the e-mail channel of an id, or the first one.
func courierOf(cfg *config.Config, id string) (alerts.Courier, string, error) {
	if cfg.Alerts != nil {
		all, err := channelsOf(cfg.Alerts)
		if err != nil {
			return nil, "", err
		}
		for _, x := range cfg.Alerts.Channels {
			if c, ok := all[x.ID].(alerts.Courier); ok && (id == "" || id == x.ID) {
				return c, x.ID, nil
			}
		}
	}
	return nil, "", usage("在 alerts.channels 中写一个 kind: email 的渠道", "没有邮件渠道 %s", id)
}

// lettersOf says who gets which files. What units may object to and what is
// locked goes to units; a draft does not.
func lettersOf(cfg *config.Config, channel string, b *inspect.Bulletin, files []inspect.BulletinFile) (out []letter) {
	for _, k := range cfg.Alerts.Contacts {
		supervises := slices.Contains(k.Roles, inspect.Supervisor)
		if !supervises && (!slices.Contains(k.Roles, inspect.Agency) || b.State == inspect.Drafted) {
			continue
		}
		mine := attachments(cfg, k.Units, supervises && len(k.Units) == 0, b, files)
		for _, r := range k.Reach {
			if r.Channel == channel && r.Address != "" && len(mine) > 0 {
				out = append(out, letter{cmp.Or(k.Name, k.ID), r.Address, mine})
			}
		}
	}
	return out
}

// attachments are the files of a bulletin that concern some units: of a paper
// for each unit or site their own, of any other all. The PDF, else the docx,
// and the workbook.
func attachments(cfg *config.Config, units []string, all bool, b *inspect.Bulletin, files []inspect.BulletinFile) (out []string) {
	pdf := slices.ContainsFunc(files, func(f inspect.BulletinFile) bool { return filepath.Ext(f.Name) == ".pdf" })
	first := map[bool]string{true: ".pdf", false: ".docx"}[pdf]
	for _, f := range files {
		ext := filepath.Ext(f.Name)
		if (ext == first || ext == ".xlsx") && (all || concerns(cfg, units, b, strings.TrimSuffix(f.Name, ext))) {
			out = append(out, f.Name)
		}
	}
	return out
}

// concerns reports whether a file speaks of one of some units.
func concerns(cfg *config.Config, units []string, b *inspect.Bulletin, name string) bool {
	for _, u := range cfg.Units {
		if !slices.Contains(units, u.ID) {
			continue
		}
		switch b.Kind {
		case "scorecard":
			if name == fileName("评分卡-"+u.Name+"-"+b.Period) {
				return true
			}
		case "yearform":
			if slices.ContainsFunc(cfg.Sites, func(s *inspect.Site) bool {
				return s.UnitID == u.ID && name == fileName("年度报表-"+s.ID+"-"+b.Period)
			}) {
				return true
			}
		default:
			if b.Unit == "" || b.Unit == u.Name {
				return true
			}
		}
	}
	return false
}

// send hands one letter over and enters it in the audit log.
func (d *press) send(ctx context.Context, courier alerts.Courier, b *inspect.Bulletin, l letter, by inspect.Person, now time.Time) error {
	sum := sha256.Sum256([]byte(l.address + strings.Join(l.files, "/")))
	p := &alerts.Parcel{ID: fmt.Sprintf("%s.%s.%d.%x", b.ID, b.State, b.Made.Unix(), sum[:6]), Subject: fmt.Sprintf("巡检：%s（%s）", b.ID, bulletinStates[b.State]), Text: letterText(b)}
	for _, name := range l.files {
		data, err := d.st.BulletinFile(ctx, b.ID, name)
		if err != nil {
			return err
		}
		p.Files = append(p.Files, alerts.File{Name: name, Data: data})
	}
	if err := courier.Carry(ctx, p, l.address); err != nil {
		return fmt.Errorf("%s：%w", l.address, err)
	}
	return d.st.Audit(ctx, store.Entry{At: now, Person: by, Act: "bulletin.send", Subject: b.ID, Body: map[string]any{"to": l.contact, "files": l.files}})
}

func letterText(b *inspect.Bulletin) string {
	switch b.State {
	case inspect.Previewed:
		return "附件为通报预告，请核对。如有异议，请在 " + clockOf(b.Closes) + " 前提出。\n"
	case inspect.Locked:
		return "附件为已定稿的通报（" + b.Number + "）。\n摘要：" + b.Digest + "\n"
	}
	return "附件为监测初稿，未经确认，不作为通报依据。\n"
}
