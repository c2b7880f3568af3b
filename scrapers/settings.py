"""Scrapy's settings for every crawl: polite, bounded, nothing of Scrapy that listens.

What changes from crawl to crawl (home, instant, sources folder, own web, languages, user agent) is passed in by
whoever starts it: ``scrapers.crawl``, or for ``scrapy list`` and ``scrapy crawl`` the add-on ``scrapers.project``.
"""

BOT_NAME = "boi"
SPIDER_LOADER_CLASS = "scrapers.loader.SourceSpiderLoader"
ADDONS = {"scrapers.project.EntityDefaults": 100}

# passed in
SOURCES_FOLDER = None  # folder of source files
HOME_FOLDER = None  # the entity's home; without one nothing is known, captured or written
CRAWL_ID = None
AS_OF = None  # ISO 8601 instant, UTC
LANGUAGES = []
OWN_WEB_FOLDER = None
OWN_WEB_SUFFIX = None
OWN_WEB_ADDRESS = None  # of a loopback server that runs already; else one is started on OWN_WEB_FOLDER
OWN_WEB_DAYS = []
REPLAY = None  # a crawl_id: answer from its captures instead of the network
NOTICES_FILE = None  # write the notices here rather than into the home
RECHECKS = None  # a list of scrapers.recheck.Target: visit these instead of what the sources list
SECRETS = None  # a scrapers.credentials.Secrets; without one, sources that need credentials are not asked
CAPTURE_ENABLED = True  # a spider of a portal that needs a login sets it to False

# politeness
ROBOTSTXT_OBEY = True
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
DOWNLOAD_DELAY = 1.0
CONCURRENT_REQUESTS_PER_DOMAIN = 4
COOKIES_ENABLED = False
REFERER_ENABLED = False
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408]  # never 429: it asks to go away

# bounds; the one of an answer's headers is MAX_HEADERS of scrapers.handler, those of lists are options of platforms
DOWNLOAD_TIMEOUT = 30  # seconds for a whole answer, from the first packet to the last, however slow it drips
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # bytes of a body, as it comes and as it is decompressed
DOWNLOAD_WARNSIZE = 5 * 1024 * 1024
DOWNLOAD_FAIL_ON_DATALOSS = True  # half an answer is none: what is missing would read as withdrawn
REDIRECT_MAX_TIMES = 6
METAREFRESH_ENABLED = False
CLOSESPIDER_TIMEOUT = 1800  # seconds a source
CLOSESPIDER_PAGECOUNT = 1000  # answers a source
DEPTH_LIMIT = 0  # none: pages of a list are counted by its platform

# safety
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "scrapers.middlewares.guard.PublicResolver"
HTTPPROXY_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": "scrapers.handler.Handler",
    "https": "scrapers.handler.Handler",
    **dict.fromkeys(("ftp", "s3", "file", "data")),
}
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

DOWNLOADER_MIDDLEWARES = {
    "scrapers.middlewares.inbox.Inbox": 80,  # its files are no addresses
    "scrapers.middlewares.guard.Guard": 90,  # before robots.txt is asked for
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapers.middlewares.robots.Robots": 100,
    "scrapers.middlewares.robots.UnreadableRobots": 545,
    "scrapers.middlewares.blocks.Blocks": 585,  # sees decoded pages, before retries
    "scrapers.middlewares.redirects.Redirects": 605,  # before redirects are followed
    "scrapers.middlewares.capture.Capture": 880,  # sees bytes as they came
    "scrapers.middlewares.replay.Replay": 890,
}
ITEM_PIPELINES = {
    "scrapers.pipelines.validate.Validate": 100,
    "scrapers.pipelines.known.SkipKnown": 200,
    "scrapers.pipelines.write.Write": 300,
}
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"
LOG_LEVEL = "INFO"
STATS_DUMP = False
MEMUSAGE_ENABLED = False
WARN_ON_GENERATOR_RETURN_VALUE = False  # it reads the source text of every callback, once a spider
CONCURRENT_ITEMS = 4  # Scrapy makes as many tasks for every response, however few items it gives
FEED_EXPORT_ENCODING = "utf-8"
