package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

func collection(title string) *inspect.Collection {
	yes := true
	return &inspect.Collection{Source: "import", Kind: inspect.FromImport, At: t0, Verdict: inspect.Fine, Complete: true, From: t0.AddDate(0, -1, 0), To: t0,
		Posts: []inspect.Post{{ID: "1", Title: title, URL: "http://mp.example.gov.cn/1", Published: t0.Add(-time.Hour), Kind: inspect.MassSent, Text: "正文 a\x00b"}},
		Sees:  []inspect.PostKind{inspect.MassSent}, Identity: &inspect.Identity{Name: "示例发布", Verified: &yes}}
}

// What a source gave of an account is read back as it was.
func TestFeedRoundTrip(t *testing.T) {
	both(t, func(t *testing.T, dir, database string) {
		s := open(t, dir, database)
		r := begin(t, s, "a-1")
		want := collection("一")
		want.Sealed = map[string][]inspect.Finding{"account-content": {{Check: "account-content", Outcome: inspect.Review, Message: "证件号码 110105********002X"}}}
		dead := &inspect.Collection{Source: "wechat", Kind: inspect.FromWeChat, At: t0, Verdict: inspect.CouldNotTell, Cause: inspect.OwnFault, Detail: "40164"}
		record(t, r, inspect.Event{Feed: want}, inspect.Event{Feed: dead})
		if err := r.Finish(context.Background(), &inspect.Inspection{ID: "a-1", Complete: true}); err != nil {
			t.Fatal(err)
		}
		var got []*inspect.Collection
		for _, e := range events(t, s, "a-1") {
			got = append(got, e.Feed)
		}
		if d := cmp.Diff([]*inspect.Collection{want, dead}, got); d != "" {
			t.Error(d)
		}
	})
}

// A run that was stopped asks the sources again: what they gave then is not
// mixed with what they give now.
func TestFeedsAreDueAgain(t *testing.T) {
	s := open(t, t.TempDir(), "")
	r := begin(t, s, "a-1")
	record(t, r, inspect.Event{Feed: collection("一")})
	if err := r.Finish(context.Background(), &inspect.Inspection{ID: "a-1", Stopped: "被中断"}); err != nil {
		t.Fatal(err)
	}
	r = s.Recorder("a-1")
	record(t, r, inspect.Event{Feed: collection("二")})
	if err := r.Finish(context.Background(), &inspect.Inspection{ID: "a-1", Complete: true}); err != nil {
		t.Fatal(err)
	}
	if all := events(t, s, "a-1"); len(all) != 1 || all[0].Feed.Posts[0].Title != "二" {
		t.Errorf("%+v", all)
	}
}

func TestDeposits(t *testing.T) {
	both(t, func(t *testing.T, dir, database string) {
		ctx := context.Background()
		s := open(t, dir, database)
		first, second := collection("一"), collection("二")
		second.At = t0.Add(time.Hour)
		for _, c := range []*inspect.Collection{first, second} {
			if err := s.Deposit(ctx, "wx-1", c, &Proof{Name: "截图.png", Content: []byte("png" + c.Posts[0].Title)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Deposit(ctx, "wx-2", collection("三"), nil); err != nil {
			t.Fatal(err)
		}
		got, err := s.Deposits(ctx, "wx-1")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]*inspect.Collection{first, second}, got); d != "" {
			t.Error(d)
		}
		again := collection("一")
		again.At = t0.Add(48 * time.Hour)
		if err := s.Deposit(ctx, "wx-1", again, &Proof{Name: "截图.png", Content: []byte("png一")}); !errors.Is(err, ErrTwice) {
			t.Errorf("the same twice: %v", err)
		}
		p, err := s.ProofOf(ctx, first.Proof)
		if err != nil || p == nil || p.Name != "截图.png" || string(p.Content) != "png一" {
			t.Errorf("%+v %v", p, err)
		}
		if p, err := s.ProofOf(ctx, "sha256:0"); p != nil || err != nil {
			t.Errorf("%+v %v", p, err)
		}
		if err := s.Deposit(ctx, "wx-1", collection("四"), &Proof{Name: "大.png", Content: make([]byte, maxProof+1)}); err == nil {
			t.Error("a proof of any size is taken")
		}
		if none, err := s.Deposits(ctx, "nobody"); len(none) != 0 || err != nil {
			t.Errorf("%v %v", none, err)
		}
	})
}
