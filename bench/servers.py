"""What the clients are measured on: the portal of testsite, and Debian's
documentation behind nginx. Both run on core 0 and count what they are asked."""
import json, os, re, signal, socket, subprocess, sys, time, urllib.error, urllib.request as ur
from urllib.parse import quote, unquote

ur.install_opener(ur.build_opener(ur.ProxyHandler({})))
port = int(os.environ.get("PORT", 8081))
alone = os.environ.get("BENCH_NETNS") == "1"  # in a network of its own, without names


class Portal:
    def __init__(self, work, pages, *flags):
        self.work, self.pages = work, pages
        self.flags = ["-port", str(port), "-pages", str(pages), "-gbk", "10", *flags]
        self.log = open(work + "/portal.log", "w+")
        dns = ["-dns", "127.0.0.1:53"] if alone else []
        self.p = subprocess.Popen(["taskset", "-c", "0", work + "/testsite", "serve", *self.flags, *dns], stdout=self.log, stderr=self.log,
                                  env=dict(os.environ, GOMAXPROCS="1"))
        while "ready" not in self.said():
            time.sleep(0.2)
            if self.p.poll() is not None:
                sys.exit("the portal did not start: " + self.said())
        paths = subprocess.run([work + "/testsite", "urls", *self.flags], capture_output=True, text=True).stdout.split()
        self.home = f"{'https' if '-tls' in flags else 'http'}://127.0.0.1:{port}/"
        self.truth = json.loads(self.get("/truth"))
        with open(work + "/urls", "w") as f:
            f.write("\n".join(self.home.rstrip("/") + p for p in paths))

    def said(self):
        with open(self.work + "/portal.log") as f:
            return f.read()

    def get(self, path):
        with ur.urlopen(f"http://127.0.0.1:{port + 1}{path}") as res:
            return res.read()

    def reset(self):
        self.get("/reset")

    def stats(self):
        return json.loads(self.get("/stats"))

    def score(self, reported):
        """Against what was planted: found, of how many, falsely reported, and which."""
        with open(self.work + "/reported", "w") as f:
            f.write("\n".join(reported))
        out = subprocess.run([self.work + "/testsite", "score", *self.flags, "-in", self.work + "/reported"], capture_output=True, text=True, check=True).stdout
        d = json.loads(out)
        return dict(found=d["found"], of=d["planted"], false=d["false_positives"], missed=d["missed"], falsely=d["false_positive_urls"])

    def learn(self, reported):
        pass  # what is broken was planted

    def close(self):
        self.p.send_signal(signal.SIGTERM)
        self.p.wait()
        self.log.close()


# place on the server: folder under work/docs, first page
trees = {
    "python": ("usr/share/doc/python3.11/html", "index.html"),
    "postgresql": ("usr/share/doc/postgresql-doc-15/html", "index.html"),
    "cpp": ("usr/share/cppreference/doc/html", "en/index.html"),
    "debian": ("usr/share/debian-reference", "index.zh-cn.html"),
}


class Docs:
    """Four trees of real HTML behind nginx. Nobody planted what is broken there:
    what any client of the run reports is asked again, and what then answers 4xx
    or 5xx is broken. Links to other hosts were taken out of the pages (bench/run.sh).
    The floor is not believed: what it reads as a reference may be none."""

    def __init__(self, work):
        self.work, self.home = work, f"http://127.0.0.1:{port}/"
        self.broken, self.from_line = {}, 0
        # Something must answer that names do not exist; 100 pages of it cost nothing.
        self.names = subprocess.Popen(["taskset", "-c", "0", work + "/testsite", "serve", "-port", str(port + 2), "-pages", "100", "-dns", "127.0.0.1:53"],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.makedirs(work + "/nginx", exist_ok=True)
        with open(work + "/nginx/index.html", "w") as f:
            f.write("<!doctype html><html lang=en><meta charset=utf-8><title>docs</title>" +
                    "".join(f'<p><a href="/{k}/{first}">{k}</a></p>' for k, (_, first) in trees.items()))
        with open(work + "/nginx.conf", "w") as f:
            f.write(f"""user root; worker_processes 1; daemon off; pid {work}/nginx/pid; error_log {work}/nginx/error.log crit;
events {{ worker_connections 1024; }}
http {{
  types {{ text/html html htm; text/css css; application/javascript js; image/png png; image/svg+xml svg; image/gif gif; image/x-icon ico; application/pdf pdf; }}
  default_type application/octet-stream; gzip off; sendfile on; keepalive_requests 10000000;
  client_body_temp_path {work}/nginx; proxy_temp_path {work}/nginx; fastcgi_temp_path {work}/nginx; uwsgi_temp_path {work}/nginx; scgi_temp_path {work}/nginx;
  log_format counts '$connection\t$request_method\t$status\t$bytes_sent\t$sent_http_content_type\t$request_uri'; access_log {work}/nginx/access.log counts;
  server {{ listen 127.0.0.1:{port}; root {work}/nginx; location = /access.log {{ return 404; }}
""" + "".join(f"    location /{k}/ {{ alias {work}/docs/{folder}/; }}\n" for k, (folder, _) in trees.items()) + "  }\n}\n")
        open(work + "/nginx/access.log", "w").close()
        nginx = next(p for p in ("/usr/sbin/nginx", "nginx") if p == "nginx" or os.path.exists(p))
        self.p = subprocess.Popen(["taskset", "-c", "0", nginx, "-c", work + "/nginx.conf", "-p", work + "/nginx"], stderr=subprocess.PIPE)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
            if self.p.poll() is not None:
                sys.exit("nginx did not start: " + self.p.stderr.read().decode())
        self.pages = sum(len([f for f in files if f.endswith((".html", ".htm"))]) for folder, _ in trees.values() for _, _, files in os.walk(work + "/docs/" + folder))

    def lines(self):
        with open(self.work + "/nginx/access.log", errors="replace") as f:
            return f.read().splitlines()

    def reset(self):
        self.from_line = len(self.lines())

    def stats(self):
        time.sleep(0.2)
        seen = [l.split("\t") for l in self.lines()[self.from_line:]]
        return dict(requests=len(seen), connections=len({l[0] for l in seen}), head=sum(l[1] == "HEAD" for l in seen), bytes_out=sum(int(l[3]) for l in seen),
                    unique_urls=len({l[5] for l in seen}), unique_pages=len({l[5] for l in seen if l[1] == "GET" and l[2] == "200" and l[4] == "text/html"}))

    def own(self, reported):
        """Of this server, in one spelling."""
        plain = lambda m: m[0].upper() if m[0].upper() in ("%23", "%25", "%2F", "%3F") else unquote(m[0], errors="surrogateescape")
        places = (re.sub("(%[0-9a-fA-F]{2})+", lambda m: re.sub("%..", plain, m[0]), u.split("#")[0][len(self.home):]) for u in reported if u.startswith(self.home))
        return {self.home + re.sub("//+", "/", quote(p, safe="%/:?&=+,;@()!$'*~", errors="surrogateescape")) for p in places}

    def learn(self, reported):
        """Asks what any client called broken."""
        for u in self.own(reported) - self.broken.keys():
            try:
                ur.urlopen(u).close()
                self.broken[u] = False
            except urllib.error.HTTPError as e:
                self.broken[u] = e.code >= 400

    def score(self, reported):
        own, really = self.own(reported), {u for u, b in self.broken.items() if b}
        return dict(found=len(own & really), of=len(really), false=len(own - really), missed=sorted(really - own), falsely=sorted(own - really)[:20])

    def close(self):
        for p in (self.p, self.names):
            p.send_signal(signal.SIGTERM)
            p.wait()
