"""What machines are known by, as data: the agents that they name, the networks that they ask from.

An operator adds to it by the setting `BATON_MACHINES_FILE`; see `reading/machine_file.py`.
"""

from typing import Final

SCANNERS: Final = (
    "barracuda", "ciscosecureemail", "cloudmark", "fireeye", "forcepoint", "fortimail", "ironport",
    "messagelabs", "microsoft office existence discovery", "microsoft office protocol discovery",
    "microsoft-urlanalyzer", "microsoft url control", "mimecast", "o365linkprotection",
    "proofpoint", "safelinks", "sophos", "symantec", "trendmicro", "trend micro", "urlscan",
    "virustotal", "zscaler",
)  # fmt: skip
"""Gateways that open what comes by e-mail, before the person it is meant for sees it."""
PREVIEWS: Final = (
    "bingpreview", "facebookexternalhit", "facebookexternalua", "google-inspectiontool",
    "google-read-aloud", "google-safety", "mastodon/", "skypeuripreview", "slack-imgproxy",
    "snap url preview", "whatsapp/",
)  # fmt: skip
"""What draws a small picture of a link for a conversation or a search."""
PROGRAMS: Final = (
    "aiohttp/", "apache-httpclient", "axios/", "curl/", "go-http-client", "guzzlehttp",
    "headlesschrome", "httpx/", "java/", "jetty/", "libwww-perl", "lua-resty-http", "node-fetch",
    "phantomjs", "playwright", "postmanruntime", "puppeteer", "python-requests", "python-urllib",
    "scrapy", "selenium", "wget/",
)  # fmt: skip
"""Programs and browsers without a screen. What phones' apps are made with is not among them
(`okhttp`, `CFNetwork`, `Dalvik`): whoever uses an app is a person."""
AGENTS: Final = (*SCANNERS, *PREVIEWS, *PROGRAMS)
"""Parts of an agent's name, in small letters."""

PREFETCHERS: Final = frozenset({"mozilla/5.0"})
"""Whole names of agents. Apple's Mail Privacy Protection calls itself this and nothing more, and
fetches every picture of a message whether anybody opens it or not."""

OPEN_PROXIES: Final = ("googleimageproxy", "ggpht.com", "yahoomailproxy")
"""Proxies that fetch a picture because somebody opened the message: they hide who that was and
where, but the opening is a person's. So they are no machines, whatever else their names hold."""

NETWORKS: Final = (
    # Barracuda Email Gateway Defense, by its own list of addresses.
    "64.235.144.0/20", "209.222.80.0/21",
    # Microsoft's Exchange Online Protection, by the list of Microsoft 365's addresses: mail comes
    # from there and links are tried from there, and nobody sits at a browser there.
    "40.92.0.0/15", "40.107.0.0/16", "52.100.0.0/14", "104.47.0.0/17",
    # Mimecast, by the addresses that it sends and checks from.
    "51.163.158.0/23", "91.220.42.0/24", "146.101.78.0/24", "170.10.128.0/24", "170.10.132.0/24",
    "195.130.217.0/24", "205.139.110.0/23", "207.211.30.0/23", "216.205.24.0/24",
    # Proofpoint, by the addresses that it sends and checks from.
    "67.231.144.0/20", "148.163.128.0/19", "185.132.180.0/22", "185.183.28.0/22",
    "205.220.160.0/19",
    # Symantec Email Security (MessageLabs), by its published sender policy.
    "46.226.48.0/21", "67.219.240.0/20", "85.158.136.0/21", "95.131.104.0/21", "103.9.96.0/22",
    "117.120.16.0/21", "193.109.254.0/23", "194.106.220.0/23", "195.245.230.0/23",
    "216.82.240.0/20",
)  # fmt: skip
"""Networks of mail gateways alone. Clouds' networks are not among them, nor is Apple's relay:
people browse from there too."""
