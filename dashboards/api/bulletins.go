package api

import (
	"context"
	"mime"
	"net/http"
	"path"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// A Bulletin is a bulletin as programs read it.
type Bulletin struct {
	ID       string                `json:"id"`
	Title    string                `json:"title"`
	Kind     string                `json:"kind"`
	Period   string                `json:"period"`
	Unit     string                `json:"unit,omitempty" doc:"责任单位的名称；没有即面向全部单位"`
	State    inspect.BulletinState `json:"state"`
	Number   string                `json:"number,omitempty" doc:"发文字号"`
	Made     time.Time             `json:"made,omitzero"`
	Closes   time.Time             `json:"closes,omitzero" doc:"异议截止"`
	Locked   time.Time             `json:"locked,omitzero" doc:"定稿"`
	Digest   string                `json:"digest,omitempty"`
	Corrects string                `json:"corrects,omitempty" doc:"所更正的通报"`
}

type sheaf struct {
	Bulletin
	Files      []bulletinFile `json:"files"`
	Objections []objection    `json:"objections"`
}

type bulletinFile struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
}

type objection struct {
	N        int       `json:"n"`
	Unit     string    `json:"unit"`
	Case     string    `json:"case,omitempty" doc:"所涉问题；没有即对整份通报"`
	Why      string    `json:"why"`
	At       time.Time `json:"at"`
	Settled  time.Time `json:"settled,omitzero"`
	Upheld   bool      `json:"upheld,omitempty"`
	Decision string    `json:"decision,omitempty"`
}

func (a *api) bulletinOf(b *inspect.Bulletin) Bulletin {
	return Bulletin{ID: b.ID, Title: a.Desk.Press.Title(b), Kind: b.Kind, Period: b.Period, Unit: b.Unit, State: b.State, Number: b.Number, Made: b.Made,
		Closes: b.Closes, Locked: b.Locked, Digest: b.Digest, Corrects: b.Corrects}
}

func (a *api) sheafOf(s *desk.Sheaf) sheaf {
	out := sheaf{Bulletin: a.bulletinOf(&s.Bulletin), Files: []bulletinFile{}, Objections: []objection{}}
	for _, f := range s.Files {
		out.Files = append(out.Files, bulletinFile{f.Name, f.Digest})
	}
	for _, o := range s.Objections {
		out.Objections = append(out.Objections, objection{o.N, o.Unit, o.Case, o.Why, o.At, o.Settled, o.Upheld, o.Decision})
	}
	return out
}

// A BulletinRef names a bulletin in a path.
type BulletinRef struct {
	ID string `path:"id" maxLength:"200"`
}

func (a *api) bulletins() {
	get(a, "list-bulletins", "/bulletins", "通报，新的在前", func(ctx context.Context, _ *struct{}) (*body[[]Bulletin], error) {
		all, err := a.Desk.Bulletins(ctx, who(ctx))
		out := []Bulletin{}
		for i := range all {
			out = append(out, a.bulletinOf(&all[i]))
		}
		return &body[[]Bulletin]{out}, err
	})
	get(a, "get-bulletin", "/bulletins/{id}", "一份通报，及其文件和异议", func(ctx context.Context, in *BulletinRef) (*body[sheaf], error) {
		return a.sheaf(ctx, in.ID, nil)
	})
	type file struct {
		BulletinRef
		Name string `path:"name" maxLength:"200"`
	}
	type download struct {
		Type        string `header:"Content-Type"`
		Disposition string `header:"Content-Disposition"`
		Body        []byte
	}
	register(a, huma.Operation{OperationID: "get-bulletin-file", Method: http.MethodGet, Path: Prefix + "/bulletins/{id}/files/{name}", Summary: "通报的一个文件", Errors: []int{400, 403, 404, 422},
		Responses: map[string]*huma.Response{"200": {Description: "文件", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}}, func(ctx context.Context, in *file) (*download, error) {
		data, err := a.Desk.BulletinFile(ctx, who(ctx), in.ID, in.Name)
		if err != nil {
			return nil, err
		}
		return &download{"application/octet-stream", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(in.Name)}), data}, nil
	})
	a.pressed()
}

// sheaf is a bulletin, after something was done with it.
func (a *api) sheaf(ctx context.Context, id string, do func() error) (*body[sheaf], error) {
	if do != nil {
		if err := do(); err != nil {
			return nil, err
		}
	}
	s, err := a.Desk.Bulletin(ctx, who(ctx), id)
	if err != nil {
		return nil, err
	}
	return &body[sheaf]{a.sheafOf(s)}, nil
}

// pressed are what people do with a bulletin.
func (a *api) pressed() {
	post(a, "preview-bulletin", "/bulletins/{id}/preview", "发给各单位，开始异议期", func(ctx context.Context, in *BulletinRef) (*body[sheaf], error) {
		return a.sheaf(ctx, in.ID, func() error { return a.Desk.PreviewBulletin(ctx, who(ctx), in.ID) })
	})
	type objecting struct {
		BulletinRef
		Body struct {
			Case string `json:"case,omitempty" maxLength:"64" doc:"所涉问题的指纹；不填即对整份通报"`
			Why  string `json:"why" maxLength:"4000"`
		}
	}
	post(a, "object-to-bulletin", "/bulletins/{id}/objections", "提出异议", func(ctx context.Context, in *objecting) (*body[sheaf], error) {
		return a.sheaf(ctx, in.ID, func() error { return a.Desk.ObjectTo(ctx, who(ctx), in.ID, in.Body.Case, in.Body.Why) })
	})
	type settling struct {
		BulletinRef
		N    int `path:"n" minimum:"1"`
		Body struct {
			Upheld bool   `json:"upheld" doc:"异议成立；所涉问题即认定不成立"`
			Why    string `json:"why" maxLength:"4000"`
		}
	}
	post(a, "settle-objection", "/bulletins/{id}/objections/{n}", "裁定异议", func(ctx context.Context, in *settling) (*body[sheaf], error) {
		return a.sheaf(ctx, in.ID, func() error {
			return a.Desk.SettleObjection(ctx, who(ctx), in.ID, in.N, in.Body.Upheld, in.Body.Why)
		})
	})
	type locking struct {
		BulletinRef
		Body struct {
			Number string `json:"number" maxLength:"100" doc:"发文字号"`
			Leave  bool   `json:"leave_unconfirmed,omitempty" doc:"待确认的问题不写入"`
		}
	}
	post(a, "lock-bulletin", "/bulletins/{id}/lock", "定稿", func(ctx context.Context, in *locking) (*body[sheaf], error) {
		return a.sheaf(ctx, in.ID, func() error { return a.Desk.LockBulletin(ctx, who(ctx), in.ID, in.Body.Number, in.Body.Leave) })
	})
}
