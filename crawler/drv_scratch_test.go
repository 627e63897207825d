package crawler
import ("testing";"context";"net/netip";"os";"time";"fmt";"runtime";"runtime/pprof";"bufio"
"github.com/xunjian/xunjian/inspect")
func TestScratch(t *testing.T){
 if os.Getenv("SCRATCH")=="" {t.Skip()}
 if f:=os.Getenv("PROF"); f!="" { w,_:=os.Create(f); pprof.StartCPUProfile(w); defer pprof.StopCPUProfile() }
 s:=&inspect.Site{ID:"t",Home:"http://127.0.0.1:8081/",Allow:[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
 c:=New(Options{Rate:-1,PerHost:64,Workers:64,MaxPages:1000000})
 in:=&inspect.Inspector{Source:c,Rules:&inspect.Rulebook{}}
 t0:=time.Now()
 r,err:=in.Inspect(context.Background(),"x",s,time.Now())
 fmt.Println(err,time.Since(t0),r.Counts)
 var m runtime.MemStats; runtime.ReadMemStats(&m); fmt.Println("sys",m.Sys>>20,"heap",m.HeapAlloc>>20,"gc",m.NumGC)
 _ = bufio.NewWriter
}
