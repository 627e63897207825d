"""What a second inspection costs of the first: CPU, what the portal sent, and
whether both found the same; one that asks pages but no links that opened
before; and one after 2 % of the articles changed."""
import json, os, shutil, statistics as st, subprocess
from servers import Portal


def inspect(work, program, portal, *flags, data="second"):
    portal.reset()
    with open(work + "/second.json", "w") as out:
        p = subprocess.Popen(["taskset", "-c", "1", program, "inspect", "--data", f"{work}/{data}", "--allow", "127.0.0.0/8", "--rate", "-1",
                              "--parallel", "64", "--max-pages", "-1", "--no-discover", "-q", "--now", "2026-11-24", "--format", "json", *flags, portal.home], stdout=out)
        try:
            _, status, r = os.wait4(p.pid, 0)
        except BaseException:  # the whole was stopped
            p.kill()
            raise
        p.returncode = os.waitstatus_to_exitcode(status)
    with open(work + "/second.json") as f:
        d = json.load(f)
    s = portal.stats()
    return dict(cpu=r.ru_utime + r.ru_stime, sent=s["bytes_out"], peak=r.ru_maxrss // 1024, requests=s["requests"], found=d)


def same(d):
    """What must be equal: all but times, how often a fault was seen, and what was unchanged."""
    d = {k: v for k, v in d.items() if k not in ("id", "started", "finished")}
    d["pages"] = {k: v for k, v in d["pages"].items() if k != "unchanged"}
    d["findings"] = [{k: v for k, v in f.items() if k not in ("times", "state", "first_seen")} | {"evidence": {k: v for k, v in f["evidence"].items() if k != "fetched"}}
                     for f in d["findings"]]
    return d


def told(x):
    return f"{x['cpu']:.2f} CPU s {x['sent'] / 1e6:.1f} MB sent, peak {x['peak']} MB, {x['requests']} requests"


def second(work, program, rounds, pages, *flags):
    shares, equal = {k: [] for k in ("cpu", "sent", "pages cpu", "pages sent", "changed cpu", "changed sent")}, True
    for i in range(rounds):
        shutil.rmtree(work + "/second", ignore_errors=True)
        portal = Portal(work, pages, *flags)
        try:
            if i == 0:
                print(portal.said().strip(), flush=True)
            first, again, only = (inspect(work, program, portal, *f) for f in ([], [], ["--link-age", "240h"]))
        finally:
            portal.close()
        portal = Portal(work, pages, *flags, "-version", "1", "-changed", "2")
        try:
            changed = inspect(work, program, portal)
            if i == 0:  # once: that what changed was seen, a first look at the changed portal says
                shutil.rmtree(work + "/fresh", ignore_errors=True)
                fresh = same(inspect(work, program, portal, data="fresh")["found"])
                shutil.rmtree(work + "/fresh", ignore_errors=True)
                seen = "equal to a first look" if same(changed["found"]) == fresh else "DIFFERENT from a first look"
                equal = equal and seen == "equal to a first look"
        finally:
            portal.close()
        for name, x in (("", again), ("pages ", only), ("changed ", changed)):
            for k in ("cpu", "sent"):
                shares[name + k].append(x[k] / first[k])
        now = {k: v[-1] for k, v in shares.items()}
        verdicts = ["equal" if same(first["found"]) == same(x["found"]) else "DIFFERENT" for x in (again, only)]
        equal = equal and verdicts == ["equal", "equal"]
        print(f"round {i + 1}  first: {told(first)}   second: {told(again)}, {again['found']['pages']['unchanged']} unchanged   "
              f"CPU {now['cpu']:.3f}  bytes {now['sent']:.4f}  findings {verdicts[0]} ({len(again['found']['findings'])})", flush=True)
        print(f"         pages only: {told(only)}   CPU {now['pages cpu']:.3f}  bytes {now['pages sent']:.4f}  findings {verdicts[1]}", flush=True)
        print(f"         2 % changed: {told(changed)}, {changed['found']['pages']['unchanged']} unchanged   "
              f"CPU {now['changed cpu']:.3f}  bytes {now['changed sent']:.4f} ({len(changed['found']['findings'])} findings{', ' + seen if i == 0 else ''})", flush=True)
    shutil.rmtree(work + "/second", ignore_errors=True)
    m = {k: st.median(v) for k, v in shares.items()} | dict(pages=pages, rounds=rounds, equal=equal, shares=shares)
    print(f"second / first, median: CPU {m['cpu']:.3f} (at most 0.25)  bytes {m['sent']:.4f} (at most 0.20)  "
          f"pages only: CPU {m['pages cpu']:.3f} (at most 0.10) bytes {m['pages sent']:.4f} (at most 0.10)  2 % changed: CPU {m['changed cpu']:.3f} (at most 0.32)", flush=True)
    return m
