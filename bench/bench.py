"""Runs the clients side by side and prints medians, ratios and the goals.

Server on one core, client on the other; rounds interleave all clients, and a
ratio is the median of the rounds' own. A client that is not done in its bound
is stopped, and told as that: its ratios are bounds. bench/run.sh calls it.
"""
import argparse, datetime, json, os, platform, re, shlex, shutil, signal, statistics as st, subprocess, sys, threading, time
from clients import all_clients, program
from goals import goals, yardstick
from servers import Docs, Portal, alone, port
from second import second

known = "2k,20k,docs,latency,tls,second,100k"
ap = argparse.ArgumentParser()
ap.add_argument("work")
ap.add_argument("--rounds", type=int, default=5)
ap.add_argument("--cases", default=known)
ap.add_argument("--clients", default="")
ap.add_argument("--limit", type=float, default=240, help="seconds after which a client is stopped; of 100,000 pages 1,200 at least")
ap.add_argument("--second-pages", type=int, default=20000, help="pages of the portal that is inspected twice")
ap.add_argument("--portal-flags", default="", help="further flags of the portal that is inspected twice")
args = ap.parse_args()
work = args.work
cases, chosen = args.cases.split(","), set(filter(None, args.clients.split(",")))
clients = all_clients(work)
if strange := [c for c in cases if c not in known.split(",")]:
    raise SystemExit(f"no case {', '.join(strange)}: {known}")
if strange := chosen - clients.keys():
    raise SystemExit(f"no client {', '.join(strange)}: {', '.join(clients)}")
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # servers and clients are stopped on the way out


def watch(pid):
    """The most memory that a process had, as it says itself ten times a second: what wait4 says
    holds that of this program too, from which the process was made."""
    peak = [0.0]

    def look():
        while True:
            try:
                with open(f"/proc/{pid}/comm") as name, open(f"/proc/{pid}/status") as f:
                    if name.read().strip() not in ("python3", "taskset"):
                        peak[0] = next(int(l.split()[1]) / 1024 for l in f if l.startswith("VmHWM"))
            except (OSError, StopIteration):
                return
            time.sleep(0.1)

    threading.Thread(target=look, daemon=True).start()
    return peak


def run(name, server, limit):
    """One run of a client: wall, CPU, peak MB, what it reports, the server's counters."""
    make, report, _ = clients[name]
    server.reset()
    path = f"{work}/out.{name.replace(' ', '-')}"
    argv = ["taskset", "-c", "1", *make(server.home)]
    with open(path, "wb") as out:
        begin = time.time()
        p = subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT if name.startswith("wget2") else subprocess.DEVNULL,
                             env=dict(os.environ, GOMAXPROCS="1"), start_new_session=True)
        late = threading.Event()
        peak = watch(p.pid)
        timer = threading.Timer(limit, lambda: (late.set(), os.killpg(p.pid, signal.SIGKILL)))
        timer.start()
        try:
            _, status, r = os.wait4(p.pid, 0)
        except BaseException:  # the whole was stopped
            os.killpg(p.pid, signal.SIGKILL)
            raise
        finally:
            timer.cancel()
        p.returncode = os.waitstatus_to_exitcode(status)
        wall = time.time() - begin
    with open(path, errors="replace") as f:
        text = f.read()
    row = dict(wall=wall, cpu=r.ru_utime + r.ru_stime, rss=peak[0] or r.ru_maxrss / 1024, stats=server.stats(), exit=p.returncode, limit=limit, late=late.is_set(), reported=None)
    if not row["late"]:
        try:
            row["reported"] = report(text)
        except (ValueError, KeyError, TypeError):
            pass
    return row


def verdict(server, row):
    if row["late"]:
        return f"not finished in {row['limit']:.0f} s"
    if row["reported"] is None:
        return f"unreadable (exit {row['exit']})"
    s = row["score"] = server.score(row["reported"])
    return f"{s['found']}/{s['of']}, {s['false']} false"


def compare(case, title, server, names, n):
    """Interleaved rounds; prints a table and returns the runs by client."""
    names = [c for c in names if (not chosen or c in chosen) and (shutil.which(clients[c][0](server.home)[0]) or print(f"{c}: not installed, left out"))]
    rows = {c: [] for c in names}
    for i in range(n):
        for c in names:
            if clients[c][2] and i > 0:
                continue
            row = run(c, server, max(args.limit, 1200) if case == "100k" else args.limit)
            rows[c].append(row)
            print(f"  {case} round {i + 1} {c}: {row['wall']:.1f} s, CPU {row['cpu']:.1f} s, {row['rss']:.0f} MB", flush=True)
    for c in set(rows) - {"floor"}:
        for x in rows[c]:
            server.learn(x["reported"] or [])
    print(f"\n{title}: medians of {n} rounds" + (" (*: one)" if n > 1 and any(clients[c][2] for c in names) else ""))
    print(f"{'':16}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}{'pages':>8}{'pages/s':>9}{'CPU/bare':>10}{'requests':>10}{'conns':>7}{'MB sent':>9}  broken found")
    for c, r in rows.items():
        med = lambda k: st.median(x[k] for x in r)
        late = ">" if any(x["late"] for x in r) else ""
        share = f"{late}{st.median(x['cpu'] / b['cpu'] for x, b in zip(r, rows['bare'])):.2f}" if "bare" in rows else "–"
        s = r[-1]["stats"]
        for x in r:
            x["verdict"] = verdict(server, x)
        print(f"{c + ('*' if n > 1 and clients[c][2] else ''):16}{late + format(med('wall'), '.1f'):>8}{late + format(med('cpu'), '.1f'):>8}{med('rss'):9.0f}{s['unique_pages']:8}"
              f"{'–' if late else format(s['unique_pages'] / med('wall'), '.0f'):>9}{share:>10}{s['requests']:10}{s['connections']:7}{s['bytes_out'] / 1e6:9.1f}  {r[-1]['verdict']}")
    print(flush=True)
    return rows


every = ["bare", "floor", "xunjian", "xunjian links", "wget2 -H", "lychee", "muffet"]
few = min(3, args.rounds)
began = datetime.datetime.now()
result = dict(date=began.isoformat(timespec="seconds"), machine=platform.machine(), cores=os.cpu_count(), load=os.getloadavg(), rounds=args.rounds, cases={}, truth={}, second=None,
              go=subprocess.run(["go", "version"], capture_output=True, text=True).stdout.strip(),
              commit=subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip(), program=program)


def portal(case, title, pages, flags, names, n):
    p = Portal(work, pages, *flags)
    try:
        result["truth"][case] = {k: v for k, v in p.truth.items() if k != "broken"}
        result["cases"][case] = compare(case, title, p, names, n)
    finally:
        p.close()
    save()


def docs():
    if not alone:
        print("docs: left out: only in a network of its own (needs root) does nothing ask the hosts that real pages link to\n")
    elif not os.path.isdir(work + "/docs"):
        print("docs: left out: Debian's documentation could not be had\n")
    elif not shutil.which("nginx", path="/usr/sbin:" + os.environ["PATH"]):
        print("docs: left out: nginx is not installed\n")
    else:
        d = Docs(work)
        try:
            result["cases"]["docs"] = compare("docs", f"Real HTML, {d.pages} files of it", d,
                                              ["bare", "floor", "xunjian", "xunjian links", "wget2", "muffet", "linkinator"], few)
        finally:
            d.close()
        save()


def save():
    """Beside the printed text; after each case, so that what was measured is kept."""
    table = goals(result)
    for rows in result["cases"].values():
        for r in rows.values():
            for x in r:
                x.pop("reported", None)
    with open(os.path.dirname(work) + began.strftime("/%Y-%m-%d-%H%M.json"), "w") as f:
        json.dump(result | dict(goals=table, yardstick=yardstick(result)), f, indent=1, ensure_ascii=False)
    return table


def gate(cases):
    """Holds CPU / bare against what was accepted last, bench/accepted.json: a tenth more is a regression."""
    lost = 0
    with open("bench/accepted.json") as f:
        accepted = json.load(f)
    for case, clients in accepted.items():
        for c, most in clients.items():
            rows, bare = cases.get(case, {}).get(c), cases.get(case, {}).get("bare")
            if rows and bare:
                now = st.median(x["cpu"] / b["cpu"] for x, b in zip(rows, bare))
                bad = now > 1.1 * most
                lost |= bad
                print(f"regression gate, {case}, {c}: CPU / bare {now:.2f}, accepted {most:.2f}, at most {1.1 * most:.2f}: {'LOST' if bad else 'held'}")
    return int(lost)


def frontier():
    """What the crawler keeps of addresses, as its own test weighs it."""
    said = subprocess.run(["go", "test", "./crawler", "-run", "^TestFrontierMemory$", "-count=1", "-v"], capture_output=True, text=True).stdout
    mb = re.search(r"([0-9.]+) MB for each 100,000 addresses", said)
    return float(mb[1]) if mb else None


if cases != ["second"]:
    result["frontier"] = frontier()
for case in cases:
    match case:
        case "2k": portal(case, "2,000 pages", 2000, [], every + ["linkinator", "linkchecker"], args.rounds)
        case "20k": portal(case, "20,000 pages", 20000, [], every, args.rounds)
        case "latency": portal(case, "2,000 pages, 50 ms before each answer", 2000, ["-latency", "50ms"], ["bare", "xunjian", "xunjian links", "wget2 -H", "muffet"], few)
        case "tls": portal(case, "2,000 pages over TLS", 2000, ["-tls"], ["xunjian", "xunjian links", "wget2 -H", "lychee", "muffet"], few)
        case "100k": portal(case, "100,000 pages", 100000, [], ["bare", "xunjian"], 1)
        case "docs": docs()
        case "second":
            result["second"] = second(work, program, few if len(cases) > 1 else args.rounds, args.second_pages, *shlex.split(args.portal_flags))
            save()

if cases != ["second"]:
    table = save()
    print(f"\n{began:%F}, {result['machine']}, {result['cores']} cores, {result['go'].split()[2]}, {result['commit']}, load {result['load'][0]:.1f} at the start")
    lost = gate(result["cases"])
    print(f"{'':4}{'goal':70}{'bound':>10}{'floor':>9}{'measured':>12}{'stretch':>9}  ")
    for g in table:
        print(f"{g['n']:<4}{g['what']:70}{g['bound']:>10}{g['floor']:>9}{g['measured']:>12}{g['stretch']:>9}  {g['verdict']}")
    print(yardstick(result))
    raise SystemExit(lost)
