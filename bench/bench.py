"""Runs the clients side by side and prints medians, ratios and the goals.

Server on one core, client on the other; rounds interleave all clients, and a
ratio is the median of the rounds' own. bench/run.sh calls it.
"""
import argparse, csv, datetime, json, os, platform, re, shutil, signal, statistics as st, subprocess, sys, threading, time, urllib.request as ur

ur.install_opener(ur.build_opener(ur.ProxyHandler({})))
ap = argparse.ArgumentParser()
ap.add_argument("work")
ap.add_argument("--rounds", type=int, default=5)
ap.add_argument("--cases", default="2k,20k,latency,tls,100k")
ap.add_argument("--clients", default="")
args = ap.parse_args()
work, port = args.work, 8081
cases, chosen = args.cases.split(","), set(filter(None, args.clients.split(",")))
home, control = f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port + 1}"


def xunjian(rules):
    def argv(url):
        shutil.rmtree(work + "/data", ignore_errors=True)
        return ["./bin/xunjian", "inspect", *rules, "--data", work + "/data", "--allow", "127.0.0.0/8", "--rate", "-1", "--parallel", "64",
                "--max-pages", "-1", "--no-discover", "-q", "--format", "json", url]
    return argv


def found_json(out):
    d = json.loads(out)
    return [f["locus"] for f in d["findings"] if f["check"] == "link-broken" and f["outcome"] == "fail"]


def found_wget2(out):
    """404s and the like stand in its log as 'HTTP ERROR response 404 … [URL]'."""
    return re.findall(r"HTTP ERROR response \d+.*\[(\S+?)\]", out) + re.findall(r"Failed to .*resolve '?([^'\s]+)", out)


def found_lychee(out):
    d = json.loads(out)
    return sorted({e["url"] for l in (d.get("error_map") or d.get("fail_map") or {}).values() for e in l})


def found_linkinator(out):
    return [l["url"] for l in json.loads(out)["links"] if l["state"] == "BROKEN"]


def found_linkchecker(out):
    rows = csv.DictReader([l for l in out.splitlines() if not l.startswith("#")], delimiter=";")
    return [r["url"] for r in rows if r.get("valid") == "False"]


lychee = work + "/venv/bin/lychee"
clients = {  # name: argv of an address, what it reports, once only
    "bare": (lambda u: [work + "/bare", "-list", u], str.split, False),
    "floor": (lambda u: [work + "/floor", "-list", u], str.split, False),
    "xunjian": (xunjian([]), found_json, False),
    "xunjian links": (xunjian(["--rules", "bench/links.yaml"]), found_json, False),
    "wget2 -H": (lambda u: ["wget2", "--spider", "-r", "-l", "inf", "-p", "-H", "--max-threads=64", "--no-robots", "--timeout=10", "--tries=1", "--no-config", "--no-check-certificate", u], found_wget2, False),
    # lychee does not follow pages: it is handed the addresses of all of them.
    "lychee": (lambda u: [lychee, "--no-progress", "--format", "json", "--max-concurrency", "64", "--timeout", "10", "--max-retries", "0", "--insecure", "--files-from", work + "/urls"], found_lychee, False),
    "linkinator": (lambda u: [work + "/node_modules/.bin/linkinator", u, "--recurse", "--concurrency", "64", "--format", "json"], found_linkinator, True),
    "linkchecker": (lambda u: ["linkchecker", "-t", "64", "--timeout", "10", "--check-extern", "--no-robots", "--no-status", "--no-warnings", "-o", "csv/utf-8", u], found_linkchecker, True),
    "muffet": (lambda u: ["muffet", "-c", "64", "--max-connections-per-host", "64", "-f", "-t", "10", "--color", "never", "--format", "json", u],
               lambda o: [l["url"] for p in json.loads(o) for l in p["links"] if "error" in l], False),
}


def present(name):
    p = clients[name][0](home)[0]
    return shutil.which(p) is not None


def get(path):
    return ur.urlopen(control + path).read()


class Portal:
    def __init__(self, pages, *flags):
        self.pages, self.flags = pages, ["-port", str(port), "-pages", str(pages), "-gbk", "10", *flags]
        self.log = open(work + "/portal.log", "w+")
        env = dict(os.environ, GOMAXPROCS="1")
        self.p = subprocess.Popen(["taskset", "-c", "0", work + "/testsite", "serve", *self.flags, "-dns", "127.0.0.1:53"], stdout=self.log, stderr=self.log, env=env)
        while "ready" not in open(work + "/portal.log").read():
            time.sleep(0.2)
            if self.p.poll() is not None:
                sys.exit("the portal did not start: " + open(work + "/portal.log").read())
        paths = subprocess.run([work + "/testsite", "urls", *self.flags], capture_output=True, text=True).stdout.split()
        scheme = "https" if "-tls" in flags else "http"
        self.home = f"{scheme}://127.0.0.1:{port}/"
        open(work + "/urls", "w").write("\n".join(self.home.rstrip("/") + p for p in paths))

    def score(self, reported):
        open(work + "/reported", "w").write("\n".join(reported))
        return subprocess.run([work + "/testsite", "score", *self.flags, "-in", work + "/reported"], capture_output=True, text=True).stdout.strip()

    def close(self):
        self.p.send_signal(signal.SIGTERM)
        self.p.wait()


def run(name, url, limit=600):
    """One run of a client: wall, CPU, peak MB, what it reports, the server's counters."""
    argv, report, _ = clients[name]
    try:
        get("/reset")
    except OSError:
        pass
    out = open(work + "/out", "w+b")
    argv = ["taskset", "-c", "1", *argv(url)]
    t = time.time()
    env = dict(os.environ, GOMAXPROCS="1")
    p = subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT if name.startswith("wget2") else subprocess.DEVNULL, env=env)
    timer = threading.Timer(limit, p.kill)
    timer.start()
    _, status, r = os.wait4(p.pid, 0)
    timer.cancel()
    wall = time.time() - t
    text = open(work + "/out", errors="replace").read()
    try:
        stats = json.loads(get("/stats"))
    except OSError:
        stats = {}
    try:
        reported = report(text)
    except (ValueError, KeyError):
        reported = None
    return dict(wall=wall, cpu=r.ru_utime + r.ru_stime, rss=r.ru_maxrss / 1024, reported=reported, stats=stats, killed=os.WIFSIGNALED(status), text=text)


def rounds(case, portal, names, n):
    """Interleaved rounds; prints a table and returns rows by client."""
    names = [c for c in names if (not chosen or c in chosen) and (present(c) or print(f"{c}: not installed, left out"))]
    rows = {c: [] for c in names}
    for i in range(n):
        for c in names:
            if clients[c][2] and i > 0:
                continue
            rows[c].append(run(c, portal.home))
            print(f"  {case} round {i + 1} {c}: {rows[c][-1]['wall']:.1f} s, CPU {rows[c][-1]['cpu']:.1f} s, {rows[c][-1]['rss']:.0f} MB", flush=True)
    print(f"\n{case}: medians of {n} rounds" + (" (marked *: one)" if any(clients[c][2] for c in names) else ""))
    print(f"{'':16}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}{'pages/s':>9}{'CPU/bare':>10}{'requests':>10}{'conns':>7}{'MB sent':>9}  recall, false")
    for c in names:
        r = rows[c]
        med = lambda k: st.median(x[k] for x in r)
        ratio = st.median(x["cpu"] / b["cpu"] for x, b in zip(r, rows["bare"])) if "bare" in rows else 0
        s = r[-1]["stats"]
        verdict = "killed" if r[-1]["killed"] else "unreadable" if r[-1]["reported"] is None else portal.score(r[-1]["reported"]).splitlines()
        verdict = verdict if isinstance(verdict, str) else "; ".join(l.strip() for l in verdict)[:110]
        r[-1]["verdict"] = verdict
        print(f"{c + ('*' if clients[c][2] else ''):16}{med('wall'):8.1f}{med('cpu'):8.1f}{med('rss'):9.0f}{portal.pages / med('wall'):9.0f}{ratio:10.2f}"
              f"{s.get('requests', 0):10}{s.get('connections', 0):7}{s.get('bytes_out', 0) / 1e6:9.1f}  {verdict}")
    print(flush=True)
    return rows


def ratio(rows, a, b, k="wall"):
    if not rows.get(a) or not rows.get(b):
        return None
    return st.median(x[k] / y[k] for x, y in zip(rows[a], rows[b]))


goals = []


def goal(n, what, bound, measured, stretch="", floor=""):
    goals.append((n, what, bound, floor, measured, stretch))


def show(v, digits=2):
    return "not measured" if v is None else f"{v:.{digits}f}"


def judge(v, bound):
    return "not measured" if v is None else f"{v:.2f} {'met' if v <= bound else 'MISSED'}"


every = ["bare", "floor", "xunjian", "xunjian links", "wget2 -H", "lychee", "muffet"]
kept = {}
if "2k" in cases:
    p = Portal(2000)
    kept["2k"] = rounds("2,000 pages", p, every + ["linkinator", "linkchecker"], args.rounds)
    p.close()
if "20k" in cases:
    p = Portal(20000)
    r = kept["20k"] = rounds("20,000 pages", p, every, args.rounds)
    p.close()
    goal(1, "20k, everything: CPU / bare", "≤ 2.0", judge(ratio(r, "xunjian", "bare", "cpu"), 2.0), "1.2", show(ratio(r, "floor", "bare", "cpu")))
    goal(2, "20k, links only: wall / wget2 -H", "≤ 1.0", judge(ratio(r, "xunjian links", "wget2 -H"), 1.0), "0.6", show(ratio(r, "floor", "wget2 -H")))
    goal(2, "20k, links only: CPU / bare", "≤ 0.9", judge(ratio(r, "xunjian links", "bare", "cpu"), 0.9), "", show(ratio(r, "floor", "bare", "cpu")))
    goal(2, "20k, links only: wall / lychee", "≤ 1.0", judge(ratio(r, "xunjian links", "lychee"), 1.0))
    if r.get("muffet"):
        goal(1, "20k, everything: wall / muffet", "≤ 0.35", judge(ratio(r, "xunjian", "muffet"), 0.35), "0.20")
    x = r.get("xunjian")
    if x:
        s = x[-1]["stats"]
        goal(7, "requests / distinct addresses", "≤ 1.02", judge(s["requests"] / s["unique_urls"], 1.02))
        goal(7, "connections / requests in flight", "≤ 2", judge(s["connections"] / 64, 2))
        goal(12, "pages/s a core, everything", "≥ 900", (lambda v: f"{v:.0f} {'met' if v >= 900 else 'MISSED'}")(20000 / st.median(y["cpu"] for y in x)), "1,700")
if "2k" in kept and kept["2k"].get("xunjian"):
    r = kept["2k"]
    goal(3, "2k, everything: wall / bare (muffet is 4.5 × bare)", "≤ 2.25", judge(ratio(r, "xunjian", "bare"), 2.25), "1.35")
    goal(3, "2k, links only: wall / bare", "≤ 1.12", judge(ratio(r, "xunjian links", "bare"), 1.12), "0.6")
for size in ("2k", "20k"):
    if size in kept and kept[size].get("xunjian"):
        goal(8, f"{size}: recall and false reports", "all, 0", kept[size]["xunjian"][-1]["verdict"])
if "latency" in cases:
    p = Portal(2000, "-latency", "50ms")
    r = rounds("2,000 pages, 50 ms before each answer", p, ["bare", "xunjian", "wget2 -H", "lychee", "muffet"], min(3, args.rounds))
    p.close()
    if r.get("xunjian"):
        least = r["xunjian"][-1]["stats"]["requests"] * 0.05 / 64
        goal(4, "2k, 50 ms: wall / what latency alone takes", "≤ 1.15", judge(st.median(x["wall"] for x in r["xunjian"]) / least, 1.15), "1.05", show(st.median(x["wall"] for x in r["bare"]) / least))
if "tls" in cases:
    p = Portal(2000, "-tls")
    r = rounds("2,000 pages over TLS", p, ["xunjian", "wget2 -H", "lychee"], min(3, args.rounds))
    p.close()
    if r.get("xunjian") and kept.get("2k", {}).get("bare"):
        goal(5, "2k over TLS, everything: wall / bare without TLS (muffet is 8.9 × it)", "≤ 2.2", judge(st.median(x["wall"] for x in r["xunjian"]) / st.median(x["wall"] for x in kept["2k"]["bare"]), 2.2), "0.9")
if "100k" in cases:
    p = Portal(100000)
    r = rounds("100,000 pages", p, ["bare", "xunjian"], 1)
    p.close()
    if r.get("xunjian"):
        goal(9, "100k: peak MB with the link graph", "≤ 200", (lambda v: f"{v:.0f} {'met' if v <= 200 else 'MISSED'}")(r["xunjian"][0]["rss"]), "120", show(r["bare"][0]["rss"], 0))
        if kept.get("20k", {}).get("xunjian"):
            goal(10, "100k wall / 20k wall", "≤ 5.5", judge(r["xunjian"][0]["wall"] / st.median(x["wall"] for x in kept["20k"]["xunjian"]), 5.5))

print(f"\n{datetime.date.today()}, {platform.machine()}, {os.cpu_count()} cores, {subprocess.run(['go', 'version'], capture_output=True, text=True).stdout.split()[2]}")
print(f"{'':4}{'goal':66}{'bound':>10}{'floor':>14}{'measured':>20}{'stretch':>9}")
for n, what, bound, floor, measured, stretch in sorted(goals):
    print(f"{n:<4}{what:66}{bound:>10}{floor:>14}{measured:>20}{stretch:>9}")
