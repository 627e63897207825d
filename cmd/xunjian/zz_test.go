package main
import ("testing";"os";"context";"time";"runtime";"github.com/xunjian/xunjian/store";"github.com/xunjian/xunjian/bulletins/paper";"github.com/xunjian/xunjian/bulletins/period")
func TestZZMake(t *testing.T){ os.RemoveAll("/tmp/bulwork/prov"); os.MkdirAll("/tmp/bulwork/prov",0o755); province(t,"/tmp/bulwork/prov") }
func TestZZRun(t *testing.T){
 st,err:=store.Open(t.Context(),"/tmp/bulwork/prov",""); if err!=nil{t.Fatal(err)}; defer st.Close()
 x,_:=period.Parse("2026Q3"); a:=time.Now(); var m runtime.MemStats
 src:=periodSource{st,historyRules()}
 b,err:=period.Compile(context.Background(),src,period.Options{Period:x,Rules:historyRules(),Known:time.Now()}); if err!=nil{t.Fatal(err)}
 runtime.ReadMemStats(&m); t.Log("compile",time.Since(a),m.Sys>>20,m.HeapAlloc>>20, len(b.Targets),len(b.Faults),len(b.Figures))
 p:=paper.KindOf("notice").Make(b,paper.Options{Draft:true})[0]
 for _,f:=range paper.Formats{ if f.Name=="pdf"{continue}; a=time.Now(); fs,err:=f.Files(context.Background(),p); if err!=nil{t.Fatal(err)}; n:=0; for _,x:=range fs{n+=len(x.Data)}; runtime.ReadMemStats(&m); t.Log(f.Name,time.Since(a),n>>10,"KB",m.Sys>>20,m.HeapAlloc>>20) }
}
