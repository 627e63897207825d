package config

import "github.com/xunjian/xunjian/inspect"

// A document is the configuration file as it is written.
type document struct {
	Rulebook         string            `yaml:"rulebook" jsonschema:"description=规则：内置规则的代号或规则文件的路径,default=guoban-2019"`
	Data             string            `yaml:"data" jsonschema:"description=数据目录，相对于本文件,default=xunjian-data"`
	Database         string            `yaml:"database" jsonschema:"description=postgres:// 地址；空则在数据目录中使用 SQLite"`
	DatabaseFile     string            `yaml:"database_file" jsonschema:"description=内含数据库地址（连同密码）的文件"`
	Crawl            Crawl             `yaml:"crawl" jsonschema:"description=如何访问网站"`
	Resolve          map[string]string `yaml:"resolve" jsonschema:"description=把 主机 或 主机:端口 改连到 地址:端口"`
	Units            []Unit            `yaml:"units" jsonschema:"description=责任单位"`
	Sites            []siteEntry       `yaml:"sites" jsonschema:"description=网站"`
	Accounts         []accountEntry    `yaml:"accounts" jsonschema:"description=政务新媒体账号"`
	AccountsFile     string            `yaml:"accounts_file" jsonschema:"description=政务新媒体登记表（.csv 或 .xlsx），相对于本文件"`
	MediaSecretsFile string            `yaml:"media_secrets_file" jsonschema:"description=内含平台接口密钥的文件"`
	Schedules        []Schedule        `yaml:"schedules" jsonschema:"description=何时运行；没有写到的任务按默认时间运行"`
	Maintenance      []Maintenance     `yaml:"maintenance" jsonschema:"description=已公告的维护时段：不访问"`
	Control          []string          `yaml:"control" jsonschema:"description=判断检查端网络是否正常的网址，至少一个有应答才作判断"`
	Retention        Retention         `yaml:"retention" jsonschema:"description=保存多少天；-1 为永久保存"`
	Repair           Repair            `yaml:"repair" jsonschema:"description=整改期限与豁免期限"`
	Console          Console           `yaml:"console" jsonschema:"description=网页控制台"`
	Bulletin         Bulletin          `yaml:"bulletin" jsonschema:"description=通报等文书"`
	Alerts           *Alerts           `yaml:"alerts" jsonschema:"description=通知：谁在何时经何渠道收到什么"`
}

// A siteEntry is a site as it is written.
type siteEntry struct {
	ID      string         `yaml:"id" jsonschema:"required,description=网站代号，不可重复使用"`
	Name    string         `yaml:"name" jsonschema:"description=网站名称，以登记为准"`
	Home    string         `yaml:"home" jsonschema:"required,description=首页网址"`
	Unit    string         `yaml:"unit" jsonschema:"description=责任单位的代号"`
	Code    string         `yaml:"code" jsonschema:"description=网站标识码：十位数字，或 bm 加八位数字"`
	Region  string         `yaml:"region" jsonschema:"description=六位行政区划代码；空则用单位的"`
	Portal  bool           `yaml:"portal" jsonschema:"description=政府门户网站（适用扣分指标）"`
	Hosts   []string       `yaml:"hosts" jsonschema:"description=首页以外属于本网站的主机"`
	Columns []columnEntry  `yaml:"columns" jsonschema:"description=要关注更新的栏目"`
	Crawl   later          `yaml:"crawl"`
	Search  inspect.Search `yaml:"search" jsonschema:"description=站内搜索的询问方式；不写则按首页的搜索框"`
}

// An excuseEntry is an entry of the register of columns with nothing to publish.
type excuseEntry struct {
	Reason   string `yaml:"reason" jsonschema:"required,description=无更新内容的原因"`
	Approver string `yaml:"approver" jsonschema:"required,description=批准人"`
	Until    string `yaml:"until" jsonschema:"required,description=到期日，如 2026-12-31"`
}

// A columnEntry is a column as it is written.
type columnEntry struct {
	Name      string            `yaml:"name" jsonschema:"required,description=栏目名称，同一网站内不可重复"`
	URL       string            `yaml:"url" jsonschema:"required,description=栏目网址，可相对于首页"`
	Genre     inspect.Genre     `yaml:"genre" jsonschema:"description=栏目类型，决定更新期限"`
	Window    inspect.Window    `yaml:"window" jsonschema:"description=本栏目自己的更新期限，如 14d、6mo、1y"`
	TopLevel  *bool             `yaml:"top_level" jsonschema:"description=一级栏目；通知公告和政策文件类栏目不写即是"`
	Selectors inspect.Selectors `yaml:"selectors" jsonschema:"description=自动识别不了列表时的 CSS 选择器"`
	Excused   *excuseEntry      `yaml:"excused" jsonschema:"description=登记为一段时间内确无内容可更新"`
}
