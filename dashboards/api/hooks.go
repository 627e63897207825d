package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/xunjian/xunjian/dashboards"
)

// told describes what subscribers are posted, by the channel "webhook" of the
// alerts.
func (a *api) told() {
	if a.Event == nil {
		return
	}
	doc := a.OpenAPI()
	doc.Webhooks = map[string]*huma.PathItem{"alerts": {Post: &huma.Operation{
		OperationID: "alerts", Summary: "告警：订阅方收到的内容",
		Description: "X-Xunjian-Delivery 与 id 相同，重复送达时不变；X-Xunjian-Signature 为 t=时间,v1=HMAC-SHA256(密钥, 时间 + \".\" + 正文)。应答 2xx 即视为收到。",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: a.schema(a.Event)}}},
		Responses:   map[string]*huma.Response{"2XX": {Description: "收到"}},
	}}}
}

func (a *api) schema(v any) *huma.Schema {
	return a.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(v), true, "")
}

// review describes the review of drafts, which takes files as they are.
func (a *api) review() {
	text := func(s string) *huma.Response { return &huma.Response{Description: s} }
	a.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "review-draft", Method: http.MethodPost, Path: Prefix + "/review", Summary: "发布前审稿", Tags: []string{"review"},
		Description: "请求体为稿件本身（纯文本、HTML、docx、pdf 等），或 JSON：{\"name\": …, \"text\": …}。稿件不留存、不记录。",
		Parameters:  []*huma.Param{{Name: "name", In: "query", Schema: &huma.Schema{Type: huma.TypeString}, Description: "文件名，按后缀识别格式"}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"*/*": {Schema: &huma.Schema{}}}},
		Responses: map[string]*huma.Response{
			"200": {Description: "需要留意之处", Content: map[string]*huma.MediaType{"application/json": {Schema: a.schema(dashboards.ReviewAnswer{})}}},
			"400": text("没有稿件"), "413": text("稿件过大"), "422": text("稿件无法读取"), "401": text("没有令牌"), "429": text("请求过于频繁"),
		},
	})
}
