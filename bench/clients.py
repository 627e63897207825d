"""The clients that are measured: how each is called and what it reports.

A client is (argv of an address, what it reports as broken, once only).
"""
import csv, json, os, re, shutil

program = os.environ.get("XUNJIAN", "./bin/xunjian")


def xunjian(work, *rules):
    def argv(url):
        shutil.rmtree(work + "/data", ignore_errors=True)
        return [program, "inspect", *rules, "--data", work + "/data", "--allow", "127.0.0.0/8", "--rate", "-1", "--parallel", "64",
                "--max-pages", "-1", "--no-discover", "-q", "--format", "json", url]
    return argv


def found_yardstick(out):
    return out.splitlines()[1:]  # the first line counts


def found_xunjian(out):
    return [f["locus"] for f in json.loads(out)["findings"] if f["check"] == "link-broken" and f["outcome"] == "fail"]


def found_wget2(out):
    """404s and the like stand in its log as 'HTTP ERROR response 404 … [URL]'. Of what it
    could not connect to it tells at most the host, which names no link: not counted."""
    return re.findall(r"HTTP ERROR response \d+.*\[(\S+?)\]", out)


def found_lychee(out):
    d = json.loads(out)
    return sorted({e["url"] for m in ("error_map", "timeout_map") for l in d[m].values() for e in l})


def found_linkinator(out):
    return [l["url"] for l in json.loads(out[out.index("{"):])["links"] if l["state"] == "BROKEN"]


def found_linkchecker(out):
    rows = csv.DictReader([l for l in out.splitlines() if not l.startswith("#")], delimiter=";")
    return [r["urlname"] if r["urlname"].startswith("mailto:") else r["url"] for r in rows if r["valid"] == "False"]


def found_muffet(out):
    return [l["url"] for p in json.loads(out) for l in p["links"] if "error" in l]


def all_clients(work):
    lychee, linkinator, rc = work + "/venv/bin/lychee", work + "/node_modules/.bin/linkinator", work + "/linkcheckerrc"
    with open(rc, "w") as f:
        f.write("[checking]\nmaxrequestspersecond=100000\n")
    wget2 = ["wget2", "--spider", "-r", "-l", "inf", "-p", "--max-threads=64", "--no-robots", "--timeout=10", "--tries=1", "--no-config", "--no-check-certificate"]
    yardstick = lambda name: lambda u: [work + "/" + name, "-list", u]
    return {
        "bare": (yardstick("bare"), found_yardstick, False),
        "floor": (yardstick("floor"), found_yardstick, False),
        "xunjian": (xunjian(work), found_xunjian, False),
        "xunjian links": (xunjian(work, "--rules", "bench/links.yaml"), found_xunjian, False),
        "wget2 -H": (lambda u: [*wget2, "-H", u], found_wget2, False),
        "wget2": (lambda u: [*wget2, u], found_wget2, False),
        # It does not follow pages, so it is handed the addresses of all of them. By default it waits 50 ms between
        # two requests of a host, which alone is five minutes for 6,300 addresses.
        "lychee": (lambda u: [lychee, "--no-progress", "--format", "json", "--max-concurrency", "64", "--host-concurrency", "64",
                                         "--host-request-interval", "0ms", "--timeout", "10", "--max-retries", "0", "--insecure", "--files-from", work + "/urls"],
                   found_lychee, False),
        "linkinator": (lambda u: [linkinator, u, "--recurse", "--concurrency", "64", "--format", "json"],
                       found_linkinator, True),
        "linkchecker": (lambda u: ["linkchecker", "-f", rc, "-t", "64", "--timeout", "10", "--check-extern", "--no-robots", "--no-status",
                                              "--no-warnings", "-o", "csv/utf-8", u], found_linkchecker, True),
        "muffet": (lambda u: ["muffet", "-c", "64", "--max-connections-per-host", "64", "-f", "-t", "10", "--color", "never", "--format", "json",
                                         *(["--skip-tls-verification"] if u.startswith("https") else []), u],
                   found_muffet, False),
    }
