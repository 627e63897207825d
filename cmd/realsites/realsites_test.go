package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corpus writes a small corpus of its own: a site with a column, an article,
// a file that was not kept, and a link to a machine that is not asked.
func corpus(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"mirror-a/index.html": `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>示例县林业局</title></head><body>
<a href="zcfg/">政策法规</a> <a href="gone.html">没有的页面</a> <a href="photo.jpg">图</a>
<a href="http://192.0.2.7:8083/search">检索</a> <a href="http://www.example.org/">外站</a></body></html>`,
		"mirror-a/zcfg/index.html": `<!DOCTYPE html><html lang="zh-CN"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>政策法规</title></head><body>
<ul class="l"><li><a href="t20200105_1.html">林业防火管理办法</a><span>2020-01-05</span></li>
<li><a href="t20190105_1.html">林木采伐审批规定</a><span>2019-01-05</span></li>
<li><a href="t20180105_1.html">退耕还林实施方案</a><span>2018-01-05</span></li></ul></body></html>`,
		"mirror-a/zcfg/t20200105_1.html": `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>林业防火管理办法</title></head><body>
<div>当前位置：<a href="/">首页</a> &gt; 政策法规</div><h1>林业防火管理办法</h1><p>发布时间：2020-01-05</p><div class="TRS_Editor"><p>第一条　为了预防和扑救森林火灾，保护森林资源，保障人民生命财产安全，制定本办法，本办法自发布之日起施行，由县林业局负责解释。</p></div></body></html>`,
		"mirror-a/_tree.tsv": "index.html\t1\nphoto.jpg\t9\nzcfg/index.html\t1\nzcfg/t20200105_1.html\t1\nzcfg/t20190105_1.html\t1\nzcfg/t20180105_1.html\t1\n",
	}
	row := func(path, url, kind string) string {
		return strings.Join([]string{"mirror-a/" + path, "repo", path, url, "<=2021-01-05", kind, "utf-8", "示例县林业局", "gov"}, "\t") + "\n"
	}
	files["MANIFEST.tsv"] = row("index.html", "~http://lyj.example.gov.cn/", "home") +
		row("zcfg/index.html", "~http://lyj.example.gov.cn/zcfg/", "column") +
		row("zcfg/t20200105_1.html", "~http://lyj.example.gov.cn/zcfg/t20200105_1.html", "policy")
	for name, text := range files {
		file := filepath.Join(dir, "corpus", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRun(t *testing.T) {
	out := t.TempDir()
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"-shared", corpus(t), "-out", out, "-gbk", "mirror-a"}, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s%s", status, stderr.String(), stdout.String())
	}
	for _, want := range []string{
		"mirror-a in GBK: 6 pages, ", ", 0 different",
		"http://lyj.example.gov.cn/  now 2021-01-05",
		"broken 1, could not tell 2;", // gone.html; the bare address and the name are never said to be broken
		"columns proposed: 1 (policy 1)",
		"column-stale", "  policy: policy 1",
	} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("no %q in:\n%s", want, stdout.String())
		}
	}
	for _, name := range []string{"mirror-a.yaml", "mirror-a.json", "mirror-a.html", "mirror-a.kinds.tsv"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestRunWithoutCorpus(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"-shared", t.TempDir(), "-out", t.TempDir()}, &stdout, &stderr); status != 2 || !strings.Contains(stderr.String(), "no corpus") {
		t.Errorf("status %d, %q", status, stderr.String())
	}
}
