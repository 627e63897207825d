package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/xunjian/xunjian/inspect"
)

// options are how axe is run: what it is sure of, and what it is not. What
// passes takes time and room; without it axe tells one element a rule of it.
func (t *tab) options() string {
	if len(t.r.passes) > 0 {
		return `{resultTypes:["violations","incomplete","passes"]}`
	}
	return `{resultTypes:["violations","incomplete"]}`
}

// maxDepth is how deep frames within frames are entered.
const maxDepth = 4

// axe runs axe-core in every frame, in a world of its own where nothing that
// the page redefined is met, and joins what the frames said in an empty one.
func (t *tab) axe(out *inspect.Rendered) error {
	out.Engine = t.r.Version()
	var partials []json.RawMessage
	if err := t.partial(t.frame(), "document", 0, &partials); err != nil {
		return err
	}
	all, err := json.Marshal(partials)
	if err != nil {
		return err
	}
	world, err := t.world(t.frame())
	if err != nil {
		return err
	}
	asked, err := json.Marshal(append([]string{}, t.r.passes...))
	if err != nil {
		return err
	}
	raw, err := t.eval(world, `(asked=>axe.finishRun(`+string(all)+`,`+t.options()+`).then(r=>JSON.stringify({v:r.violations,i:r.incomplete,`+
		`p:r.passes.filter(x=>asked.includes(x.id)).map(x=>({id:x.id,nodes:x.nodes.map(n=>({target:n.target}))}))})))(`+string(asked)+`)`)
	if err != nil {
		return err
	}
	var res struct{ V, I, P []result }
	if err := json.Unmarshal([]byte(raw), &res); err != nil {
		return err
	}
	out.Violations, out.Incomplete = faults(res.V), faults(res.I)
	if len(t.r.passes) > 0 {
		out.Passed = map[string][]string{}
	}
	for _, v := range faults(res.P) {
		for _, n := range v.Nodes {
			out.Passed[v.Rule] = append(out.Passed[v.Rule], n.Target)
		}
	}
	return nil
}

// A result is one rule's, as axe writes it.
type result struct {
	ID, Impact, Help string
	Tags             []string
	Nodes            []struct {
		Target []any
		HTML   string
	}
}

// faults are results in our words: the target of an element in a frame is the
// selectors on the way to it.
func faults(rs []result) []inspect.Violation {
	var out []inspect.Violation
	for _, r := range rs {
		v := inspect.Violation{Rule: r.ID, Impact: r.Impact, Help: r.Help}
		for _, t := range r.Tags {
			if strings.HasPrefix(t, "wcag") && len(t) > 5 && t[4] >= '1' && t[4] <= '4' && strings.Trim(t[4:], "0123456789") == "" {
				v.WCAG = append(v.WCAG, t[4:5]+"."+t[5:6]+"."+t[6:])
			}
		}
		for _, n := range r.Nodes {
			var way []string
			for _, s := range n.Target {
				if list, ok := s.([]any); ok { // inside a shadow root
					for _, x := range list {
						way = append(way, fmt.Sprint(x))
					}
					continue
				}
				way = append(way, fmt.Sprint(s))
			}
			html := []rune(n.HTML)
			v.Nodes = append(v.Nodes, inspect.ViolationNode{Target: strings.Join(way, " >>> "), HTML: string(html[:min(len(html), 300)])})
		}
		out = append(out, v)
	}
	return out
}

// partial runs axe in one frame and in the frames within, in axe's own order.
func (t *tab) partial(frame cdp.FrameID, context string, depth int, out *[]json.RawMessage) error {
	world, err := t.world(frame)
	if err != nil {
		if depth > 0 { // a frame that is gone, or of another process: axe says null for those
			*out = append(*out, json.RawMessage("null"))
			return nil
		}
		return err
	}
	frames, err := t.eval(world, `JSON.stringify(axe.utils.getFrameContexts(`+context+`).map(f=>({s:f.frameSelector,c:f.frameContext})))`)
	if err != nil {
		return err
	}
	raw, err := t.eval(world, `axe.runPartial(`+context+`,`+t.options()+`).then(r=>JSON.stringify(r))`)
	if err != nil {
		return err
	}
	*out = append(*out, json.RawMessage(raw))
	var inner []struct{ S, C json.RawMessage }
	if err := json.Unmarshal([]byte(frames), &inner); err != nil {
		return err
	}
	for _, f := range inner {
		id, err := t.frameAt(world, f.S)
		if err != nil || depth >= maxDepth {
			*out = append(*out, json.RawMessage("null"))
			continue
		}
		if err := t.partial(id, string(f.C), depth+1, out); err != nil {
			return err
		}
	}
	return nil
}

// world makes a world of its own in a frame, with axe in it.
func (t *tab) world(frame cdp.FrameID) (runtime.ExecutionContextID, error) {
	w, err := chromedp.Call(t.ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frame, WorldName: "xunjian"})
	if err != nil {
		return 0, err
	}
	if _, err := t.eval(w.ExecutionContextID, t.r.axe+";'ok'"); err != nil {
		return 0, err
	}
	return w.ExecutionContextID, nil
}

// eval evaluates an expression that comes to a string, or to a promise of one.
func (t *tab) eval(world runtime.ExecutionContextID, expression string) (string, error) {
	res, err := chromedp.Call(t.ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: expression, ContextID: world, AwaitPromise: new(true), ReturnByValue: new(true)})
	if err != nil {
		return "", err
	}
	if res.ExceptionDetails != nil {
		return "", fmt.Errorf("axe: %s", res.ExceptionDetails.Text)
	}
	var s string
	if err := json.Unmarshal(res.Result.Value, &s); err != nil {
		return "", err
	}
	return s, nil
}

// frameAt is the frame of the element that axe's selector names; a selector
// through shadow roots is a list.
func (t *tab) frameAt(world runtime.ExecutionContextID, selector json.RawMessage) (cdp.FrameID, error) {
	expression := `(s=>axe.utils.shadowSelect(s))(` + string(selector) + `)`
	res, err := chromedp.Call(t.ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: expression, ContextID: world})
	if err != nil {
		return "", err
	}
	if res.ExceptionDetails != nil || res.Result.ObjectID == "" {
		return "", errors.New("no such frame")
	}
	n, err := chromedp.Call(t.ctx, dom.DescribeNode, dom.DescribeNodeParams{ObjectID: res.Result.ObjectID})
	if err != nil {
		return "", err
	}
	if n.Node == nil || n.Node.FrameID == "" {
		return "", errors.New("no such frame")
	}
	return n.Node.FrameID, nil
}
