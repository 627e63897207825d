package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// A browser is a real Chromium at a console.
type browser struct {
	ctx  context.Context
	base string
}

// browse opens a browser, or skips the test with a line that says what is not
// installed.
func (h *house) browse(t *testing.T) *browser {
	t.Helper()
	binary := ""
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && binary == "" {
			binary = path
		}
	}
	if binary == "" {
		t.Skip("no Chromium is installed: make deps")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(binary), chromedp.UserDataDir(t.TempDir()), chromedp.Flag("lang", "zh-CN"), chromedp.Flag("accept-lang", "zh-CN,zh"),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0), chromedp.Flag("disable-dev-shm-usage", true))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) })
	if err := chromedp.Do(ctx); err != nil { // it lives as long as the context it began in
		t.Fatal(err)
	}
	return &browser{ctx, h.URL}
}

// do takes steps one after another.
func (b *browser) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 90*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatalf("%v\n%.800s", err, b.text(t))
	}
}

// press clicks, and waits until the page that comes next shows something: the
// page that was there is marked, it may show the like.
func (b *browser) press(t *testing.T, what, until string) {
	t.Helper()
	ask[string](t, b, "document.documentElement.id='before'")
	b.do(t, chromedp.Click(chromedp.CSS(what)), chromedp.WaitVisible(chromedp.CSS("html:not(#before) :is("+until+")")))
}

// see opens a page of the console.
func (b *browser) see(t *testing.T, path string) {
	t.Helper()
	b.do(t, chromedp.Navigate(b.base+path))
}

// text is what the page says.
func (b *browser) text(t *testing.T) string {
	t.Helper()
	return ask[string](t, b, "document.body.innerText")
}

// ask evaluates an expression on the page. The page's own policy forbids
// scripts, but not those of whoever debugs it.
func ask[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 90*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%.80s: %v", expression, err)
	}
	return v
}

// logIn logs a user in through the login page, whoever was logged in before.
func (b *browser) logIn(t *testing.T, login string) {
	t.Helper()
	b.do(t, command(network.ClearBrowserCookies, cdp.Empty{}), chromedp.Navigate(b.base+"/login"),
		chromedp.SendKeys(chromedp.CSS("input[name=login]"), login), chromedp.SendKeys(chromedp.CSS("input[name=password]"), housePassword))
	b.press(t, "form.stack button", ".me")
}

// as gives the browser the session of a visitor who logged in already.
func (b *browser) as(t *testing.T, v *visitor) {
	t.Helper()
	u, err := url.Parse(b.base)
	if err != nil {
		t.Fatal(err)
	}
	b.do(t, command(network.ClearBrowserCookies, cdp.Empty{}))
	for _, c := range v.Jar.Cookies(u) {
		b.do(t, command(network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: b.base}))
	}
}

// screen sets how wide the browser's window is, and whether it is dark.
func (b *browser) screen(t *testing.T, width int64, scheme string) {
	t.Helper()
	b.do(t, chromedp.EmulateViewport(width, 900), command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}))
}

// command is a command of the debugger whose answer does not matter.
func command[P, R any](c cdp.Command[P, R], p P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, c, p)
		return chromedp.Void{}, err
	}
}

// picture writes what the browser shows to a file, when whoever runs the test
// asks for pictures: XUNJIAN_PICTURES names the folder.
func (b *browser) picture(t *testing.T, name string) {
	t.Helper()
	dir := os.Getenv("XUNJIAN_PICTURES")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
	fmt.Println("picture", name, len(png)>>10, "KB")
}
