package portal

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"html/template"
	"math/big"
	"net"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// An office is a department with a small site of its own, over https.
type office struct {
	id, name, host, code string
	lasts                int // days until its certificate ends
	visits               visits
	pieces               []*article // which its search finds
}

// visits are what a week of visits to a home page came to, of a hundred.
type visits struct {
	took   inspect.Millis
	failed int
}

// Education is dead in every way that a site can be dead; Tourism is alive,
// but hardly ever opens.
var (
	education = office{id: "qinglan-edu", name: "青岚区教育局", host: "jyj.example.gov.cn", code: "1499020021", lasts: 12, visits: visits{took: 400}}
	tourism   = office{id: "qinglan-tour", name: "青岚区文化和旅游局", host: "www.qinglan-culture.example", code: "1499020022", lasts: 200, visits: visits{took: 4200, failed: 8}}
)

// plantAt is plantAs on the site of an office.
func (p *Portal) plantAt(o *office, outcome, check, path, locus, note string) {
	p.truth.Faults = append(p.truth.Faults, Fault{Site: o.id, Check: check, Outcome: outcome, Page: path, Locus: locus, Note: note})
}

func (p *Portal) twinAt(o *office, check, path, note string) {
	p.truth.Twins = append(p.truth.Twins, Twin{Site: o.id, Check: check, Page: path, Note: note})
}

func (p *Portal) departments() {
	edu, tour := education, tourism
	p.offices = []*office{&edu, &tour}
	for _, o := range p.offices {
		for _, name := range []string{"/assets/logo.png", "/assets/conac-red.png", "/assets/jiucuo.png", "/favicon.ico"} {
			p.put(o.host+name, p.pages[name])
		}
		p.put(o.host+"/assets/site.css", &answer{status: 200, typ: "text/css", body: []byte("body { margin: 0 }")})
		p.plantAt(o, "fail", "tls-invalid", "/", "certificate", "证书是自己签发的")
		p.couldNot(o, "annual-form-late", "", "没有公布过任何年度的报表", inspect.DaysBetween(p.newYear(1, 31), p.now) > 0)
		p.couldNot(o, "message-late", "messages", "没有公开的留言", true)
		p.couldNot(o, "message-unanswered", "messages", "没有公开的留言", true)
		p.twinAt(o, "message-statistics", "/", "部门网站不要求公开留言统计数据")
		p.twinAt(o, "service-statistics", "/", "部门网站不要求公开办事统计数据")
		p.couldNot(o, "ipv6-missing", "ipv6", "演示把主机改连到本机，不能判断 IPv6", true)
	}
	p.education(&edu)
	p.tourism(&tour)
}

// couldNot notes what nobody can tell of an office's site.
func (p *Portal) couldNot(o *office, check, locus, why string, due bool) {
	if due {
		p.plantAt(o, "unknown", check, "/", locus, why)
	}
}

// newYear is a day of the year of the check.
func (p *Portal) newYear(m time.Month, day int) time.Time {
	return time.Date(p.now.Year(), m, day, 0, 0, 0, 0, p.now.Location())
}

func (o *office) view(p *Portal) *view {
	v := p.base(nil)
	v.SiteName, v.Nav, v.Search = o.name, nil, false
	v.Labels = []label{{"SiteName", o.name}, {"SiteDomain", o.host}, {"SiteIDCode", o.code}}
	v.Foot = foot{Police: true, SiteMap: true, Notice: true, Owner: o.name, Code: o.code, Entry: o.code}
	return v
}

// home renders an office's home page with a list of pieces.
func (o *office) home(p *Portal, title string, change func(*view), list ...*article) {
	c := &column{Name: "工作信息", Path: "/", articles: list}
	v := o.view(p)
	v.Kind, v.Title, v.Heading = "home", title, o.name
	v.Labels = append(v.Labels, label{"ColumnName", "首页"}, label{"ColumnDescription", o.name + "网站首页"}, label{"ColumnKeywords", o.name}, label{"ColumnType", "首页"})
	v.Blocks = []*column{c}
	change(v)
	p.render(o.host+"/", v)
	for _, a := range list {
		x := o.view(p)
		change(x)
		x.Kind, x.Title, x.Heading, x.Body = "article", a.Title+"_"+o.name, a.Title, template.HTML(a.body)
		x.Facts = []string{"发布时间：" + a.Date.Format("2006-01-02 15:04"), "来源：" + o.name}
		x.Labels = append(x.Labels, label{"ColumnName", "工作信息"}, label{"ColumnDescription", "工作信息栏目"}, label{"ColumnKeywords", o.name}, label{"ColumnType", "工作动态"},
			label{"ArticleTitle", a.Title}, label{"PubDate", a.Date.Format("2006-01-02 15:04")}, label{"ContentSource", o.name}, label{"Keywords", o.name})
		p.render(o.host+a.Path, x)
	}
	o.pieces = list
	o.plain(p, change, "/about.html", "关于本站", "<p>本站由"+o.name+"主办，内容均为虚构。</p>")
}

// plain renders a page that is no published piece.
func (o *office) plain(p *Portal, change func(*view), path, title, body string) {
	v := o.view(p)
	change(v)
	v.Kind, v.Title, v.Heading, v.Body = "article", title+"_"+o.name, title, template.HTML(body)
	p.render(o.host+path, v)
}

func (o *office) piece(p *Portal, age int, title, body string) *article {
	day := p.now.AddDate(0, 0, -age)
	p.serial++
	return &article{Path: fmt.Sprintf("/gzxx/%s/t%s_%d.html", day.Format("200601"), day.Format("20060102"), 1000+p.serial), Title: title, body: body,
		Date: time.Date(day.Year(), day.Month(), day.Day(), 9, 30, 0, 0, day.Location()), col: &column{}}
}

// education is a site that was left alone.
func (p *Portal) education(o *office) {
	var list []*article
	for i, age := range []int{20, 34, 48} {
		matter := pick(matters, i*4+2)
		list = append(list, o.piece(p, age, "《青岚区"+matter+"办法》政策解读", interpretation(i, matter)))
	}
	list[0].body += `<p><img src="http://` + Host + `/assets/photo1.png" alt="校园"></p>`
	list[1].body += `<p>相关政策见<a href="http://` + Host + `/zwgk/zcjd/">区政府网站</a>。</p>`
	old := o.piece(p, 1400, fmt.Sprintf("%s政府信息公开工作%d年年报公布", o.name, p.now.AddDate(0, 0, -1400).Year()-1), "<p>上述报告可到局办公室查阅，也可以拨打联系电话索取。</p>")
	o.home(p, "欢迎光临", func(v *view) { v.Foot.SiteMap, v.Foot.Entry = false, "" }, append(list, old)...)

	fail := func(check, locus, note string) { p.plantAt(o, "fail", check, "/", locus, note) }
	fail("home-stale", "home", "首页 20 天没有更新")
	fail("site-name", "title", "首页标题没有网站名称")
	fail("sitemap-missing", "sitemap", "没有站点地图")
	fail("footer-incomplete", "FT-2", "没有“我为政府网站找错”入口")
	fail("footer-incomplete", "FT-8", "没有站点地图")
	fail("search-broken", "search", "没有站内搜索")
	fail("elder-entry", "entry", "没有适老或无障碍版本入口")
	for _, point := range []string{"EL-1", "EL-3", "EL-4", "EL-7", "EL-10", "EL-12"} {
		p.plantAt(o, "unknown", "elder-page", "/", point, "没有入口，适老版的情况不能判定")
	}
	fail("error-entry", "entry", "没有“我为政府网站找错”入口")
	fail("interpretation-plain", "forms", "解读只有文字一种形式")
	fail("message-channel-missing", "channel", "没有网上咨询渠道")
	p.plantAt(o, "review", "service-missing", "/", "services", "没有办事服务")
	for _, class := range []string{"guide", "system", "catalogue", "report", "application"} {
		fail("disclosure-missing", class, "没有法定公开栏目")
	}
	p.plantAt(o, "fail", "mixed-content", list[0].Path, "http://"+Host+"/assets/photo1.png", "加密页面引用不加密的图片")
	p.twinAt(o, "mixed-content", list[1].Path, "点击才打开的链接不是引用")
	if inspect.DaysBetween(p.newYear(1, 31), p.now) > 0 {
		fail("annual-report-late", fmt.Sprint(p.now.Year()-1), "上一年度的信息公开年报没有公布")
	}
	if o.ends(p.now).After(time.Now()) {
		fail("tls-expiring", "certificate", "证书 12 天后到期")
	}
	p.twinAt(o, "domain-nonconforming", "/", "部门网站使用 .gov.cn 下的域名")
}

// tourism is a site that is kept well on a server that is not.
func (p *Portal) tourism(o *office) {
	searched := func(v *view) { v.Search = true }
	o.home(p, o.name, func(v *view) {
		v.Search = true
		if v.Kind == "home" {
			v.Body = `<section class="block"><h2>政府信息公开</h2><p><a href="/gk/zn.html">政府信息公开指南</a> <a href="/gk/zd.html">政府信息公开制度</a> <a href="/gk/ml.html">法定主动公开内容</a> <a href="/gk/nb.html">政府信息公开年报</a> <a href="/gk/ysq.html">依申请公开</a></p></section>
<section class="block"><h2>互动与服务</h2><p><a href="/zx.html">网上咨询</a> <a href="/fw.html">办事服务</a></p></section>`
		}
	}, o.piece(p, 1, "文化馆举办周末公益演出", paragraphs(1, 2)), o.piece(p, 16, "全区乡村旅游服务培训班开班", paragraphs(2, 2)))
	for _, x := range [][3]string{
		{"/elder.html", "长者版", elderText},
		{"/gk/zn.html", "政府信息公开指南", guideText},
		{"/gk/zd.html", "政府信息公开制度", "<p>本局执行区政府的政府信息公开制度。</p>"},
		{"/gk/ml.html", "法定主动公开内容", "<p>本局主动公开机构职能、文化活动安排和补助资金分配情况。</p>"},
		{"/gk/nb.html", "政府信息公开年报", "<p>历年报告可到局办公室查阅。</p>"},
		{"/gk/ysq.html", "依申请公开", "<p>可以书面向本局办公室提出申请。</p>"},
		{"/zx.html", "网上咨询", letterForm},
		{"/fw.html", "办事服务", "<p>文化场馆预约、导游证办理等事项请到区政务服务大厅办理。</p>"},
		{"/sitemap.html", "网站地图", `<p><a href="/">首页</a></p><p><a href="/zx.html">网上咨询</a></p><p><a href="/fw.html">办事服务</a></p>`},
	} {
		o.plain(p, searched, x[0], x[1], x[2])
	}
	fail := func(check, locus, note string) { p.plantAt(o, "fail", check, "/", locus, note) }
	fail("domain-nonconforming", "suffix", "域名没有使用 .gov.cn 后缀")
	fail("site-unreachable", "visits", "一周内 8% 的访问打不开")
	fail("home-slow", "load", "首页打开时间中位数超过 4 秒")
	for _, x := range [][2]string{{"tls-expiring", "证书还有 200 天"}, {"home-stale", "首页昨天更新过"}, {"site-name", "标题就是登记的名称"}, {"search-broken", "站内搜索能找到信息"},
		{"disclosure-missing", "各入口齐全"}, {"message-channel-missing", "有网上咨询"}, {"service-missing", "有办事服务入口"}, {"elder-entry", "有长者版"}} {
		p.twinAt(o, x[0], "/", x[1])
	}
	p.couldNot(o, "annual-report-late", "", "没有读到任何年度的年报", inspect.DaysBetween(p.newYear(1, 31), p.now) > 0)
	p.couldNot(o, "interpretation-plain", "forms", "没有读到近期的解读", true)
	p.plantAt(o, "unknown", "elder-page", "/elder.html", "EL-4", "字号由样式表决定，不用浏览器不能判定")
	p.twinAt(o, "https-missing", "/", "首页以 https 打开")
}

// Visits are what a schedule of visits to a site's home page would have left
// of the week up to now: no demonstration can wait a week for them.
func (p *Portal) Visits(s *inspect.Site) (out []inspect.Probe) {
	v := visits{took: 300, failed: 2} // the portal: slips that are under the line
	for _, o := range p.offices {
		if o.id == s.ID {
			v = o.visits
		}
	}
	const perDay, days = 25, 7
	for d := range days {
		day := inspect.Day(p.now).In(p.now.Location()).AddDate(0, 0, d-days+1)
		start := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, p.now.Location())
		step := min(45*time.Minute, p.now.Sub(start)/perDay) // none of today's lies ahead
		for i := range perDay {
			x := inspect.Probe{URL: s.Home, Network: "tcp", At: start.Add(time.Duration(i) * step), Status: 200, Final: s.Home, Verdict: inspect.Fine, Whole: v.took}
			if k := d*perDay + i; k*v.failed/100 != (k+1)*v.failed/100 {
				x = inspect.Probe{URL: s.Home, Network: "tcp", At: x.At, Verdict: inspect.Fault, Cause: inspect.Timeout}
			}
			out = append(out, x)
		}
	}
	return out
}

// ends is the last day of an office's certificate.
func (o *office) ends(now time.Time) time.Time { return now.AddDate(0, 0, o.lasts) }

// listenTLS listens for the offices, each with a certificate of its own making.
func (p *Portal) listenTLS() (net.Listener, error) {
	certs := map[string]*tls.Certificate{}
	for _, o := range p.offices {
		c, err := o.certificate(p.now)
		if err != nil {
			return nil, err
		}
		certs[o.host] = c
	}
	return tls.Listen("tcp", "127.0.0.1:0", &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if c := certs[strings.ToLower(h.ServerName)]; c != nil {
			return c, nil
		}
		return nil, fmt.Errorf("no site %q", h.ServerName)
	}})
}

func (o *office) certificate(now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("certificate of %s: %w", o.host, err)
	}
	begins := now
	if time.Now().Before(begins) {
		begins = time.Now()
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: o.host}, DNSNames: []string{o.host},
		NotBefore: begins.AddDate(-1, 0, 0), NotAfter: o.ends(now), BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("certificate of %s: %w", o.host, err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
