"""Who convenes: the funder's name as printed, its type and country; the call's own number.

Every name of a body on the page is weighed: by a label or "offered by" before it, a verb of convening after it, the
host the page is on, where and how often it stands; a prize, a place or a partner is none. Types are IATI's.
"""

import re
from collections.abc import Iterable

from boi_pipeline.hosts import host_of, is_among
from boi_pipeline.reading.offline.funder_weight import IS, plain_host, weight_of
from boi_pipeline.reading.offline.names import Name, is_body, is_general, is_thing, names_in
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.quotes import fold

_CODE = re.compile(r"[A-Z0-9][A-Za-z0-9./_-]*[0-9][A-Za-z0-9./_-]*(?: ?[-/] ?[A-Z0-9]+)*")
_LEAD = re.compile(r"[\s.:)#(-]*(?:(?:no|nr|num|numero|number|n)[\s.:#]+)?[\s.:#(]*")
# All a label says, where that is a name and nothing beside it.
_WHOLE = re.compile(
    r"(?!.* (?:y|e|et|and|und|&|con|with|avec|com|desde|from|in|para|for) )[^\W\d_][^.,;:|/()\n\[\]–—]{3,60}"
)
_LEAST = 4.0  # a name that weighs less is not said to convene
_LEAST_ALONE = 2.4
_APPOSED = re.compile(
    r"(?: ?\([^)\n]{1,60}\))?(?:,[^.;\n]{1,70},| \| | – | - )?(?:,? (?:que|qui|which|who) [^.;\n]{1,40})? ?(?:has|ha|hat|a|hereby|now|is|est|esta|ya|tambien|se|nos|les|os|vous|te|t'|le|anualmente|jahrlich|cada ano)? ?"
)
_AND = re.compile(
    r"(?: ?\([^)\n]{1,40}\))?,?(?: (?:and|y|et|e|und|en conjunto con|junto con|together with)| ?&)(?: the| la| el| los| las| o| a| le| les| l'| die| der| das)? ?(?:l'|organizacion|organisation|empresa)? ?"
)
_TOWN = re.compile(r"(?:ciudad de|city of|cidade de|ville de) ")
_LOWER = re.compile(
    r"(?<![^\W_])(?:la|le|el|o|a|du|de la|del|do|da|al|au) (?P<name>(?P<noun>[^\W\d_]{4,})(?: [^\W\d_]{4,12})? (?:(?:de los|de las|de la|des|de|du|da|do|dos|das) (?:[^\W\d_]+ (?:de|du|des|da|do) )?|de l['’]|d['’])(?=[A-ZÀ-ÖØ-Þ]))",
    re.IGNORECASE,
)
_IS_A = re.compile(r"(?:,| is| es| est| e| ist)? (?:an?|una?|une|uma|eine?) ")
_TYPES = (
    (40, r"united nations|naciones unidas|nations unies|nacoes unidas|\bonu\b|unesco|unicef|\bundp\b|\bpnud\b|unhcr|world bank|banco mundial|european union|union europea|union europeenne|uniao europeia|european commission|comision europea|commission europeenne|comissao europeia|european \w+ agency|european agency|agencia europea|agence europeenne|european \w+ court|multilateral|intergovernmental|intergubernamental|intergouvernemental\w*|\boea\b|\boas\b|\bbid\b|\bcaf\b|cepal|comision interamericana|commission interamericaine|inter-american development|african union|organizacion de (?:estados|las|los)|organizacion internacional|organizacao internacional|organisation internationale|international organi[sz]ation|segib|\bocde\b|\boecd\b|zwischenstaatlich"),
    (21, r"international (?:ngo|non-governmental|charity)|ong internacional|ong internationale|organizacion no gubernamental internacional|organisation non gouvernementale internationale|internationale ngo|internationale nichtregierungs\w+"),
    (80, r"universi|\bcollege\b|institute of technology|instituto tecnologico|faculty|facultad|hochschule|research cent|centro de investiga|research institute|instituto de investiga|ecole (?:superieure|normale|polytechnique|centrale|nationale superieure)|escuela politecnica|escola politecnica|politecnic|polytechnic|marine institute|institute for [\w ]+ studies|instituto [\w ]{0,20}de investigacion|ecole veterinaire|ensino superior|centro de pesquisa|research organi[sz]ation|school of \w+ engineering|forschungseinrichtung|graduate school|centre for \w+ studies|conservatorio superior|institut de recherche|forschungsinstitut|max-planck"),
    (11, r"municipal|municipio|municipalit|city of|city council|\bcity hall|ciudad de|alcaldia|ayuntamiento|prefeitura|mairie|ville de|\bstadt\b|landeshauptstadt|gobierno local|collectivite|diputacion|region de|junta de|generalitat|xunta|cabildo|gobernacion|comunidad (?:autonoma )?de|\bstate of\b|del estado de|county|\bcanton\b|\bkanton\b|departement des|departement de|conseil departemental|regional de empleo|servicio regional|province of|provincia de|\bland [a-z]|landes(?:regierung|akademie|ministerium|amt)|camara municipal|local authorit|direccion departamental|governo do estado|council of the city|metropole"),
    (10, r"ministr|ministere|ministerio|ministerium|ministry|government|gobierno|gouvernement|governo|bundes\w+|embassy|embajada|ambassade|embaixada|botschaft|consulado|consulate|consulat|secretaria nacional|secretaria de estado|instituto nacional|national agency|agencia nacional|agencia (?:chilena|checa|mexicana|colombiana|espanola|peruana|brasilena|francesa|alemana|uruguaya|argentina|turca|suiza|sueca)|agence nationale|department of|departamento de estado|departamento nacional|\bfederal \w+ office|state department|icetex|\bdaad\b|\bjica\b|\baecid\b|\busaid\b|minciencias|public (?:body|agency) of the|entidad publica|organismo publico nacional|instituto publico|under the ministry|sous la tutelle du ministere|sob tutela do minist"),
    (15, r"etablissement public|public body|ente publico|empresa publica|public corporation|regie (?:des|de)|consorcio publico|anstalt des offentlichen"),
    (60, r"foundation|fundacion|fondation|fundacao|stiftung|endowment|philanthrop"),
    (22, r"\bassociation\b|asociacion|associacao|\bngo\b|\bong\b|charity|\ba\. ?c\b|asbl|organizacion sin|organizacao nao.governamental|asociacion civil|associacao civil|verein|non-?profit|sin animo de lucro|sin fines de lucro|sem fins lucrativos|a but non lucratif|gemeinnutzig\w*"),
    (70, r"\binc\b|\bltd\b|\bllc\b|\bgmbh\b|\bs\.a\.s|\bs\.a\b|\bcompany\b|corporation\b|\bempresa\b|\bentreprise\b|constructora|\bsarl$|\bsa$|\bltda\b|\blda\b|\bs\.p\.a|social enterprise|societe de|consultancy|\brobotics$|laboratoires\b|manufactura|startup|\bbank ag\b|ventures"),
)  # fmt: skip
_IATI = tuple((code, re.compile(pattern)) for code, pattern in _TYPES)


def read_funder(page: Page) -> None:
    """Write funder_name, funder_type and funder_country on the page's sheet."""
    host = plain_host(host_of(page.notice.url)) if page.notice.authority == "official" else ""
    found = _by_label(page, host) or _weighed(page, host)
    if found is None:
        return
    name, core, rule, confidence = found
    if page.state("funder_name", name.text, rule, confidence, core):
        _kind(page, name)


def _by_label(page: Page, host: str) -> tuple[Name, Span, str, float] | None:
    for label, (start, end) in page.label("funder.labels"):
        names = names_in(page, start, min(end, start + 160), host)
        first = next((name for name in names if name.start - start <= 4), None)
        whole = page.text[start:end].rstrip()
        if (
            first is not None and first.start == start and _WHOLE.fullmatch(whole)
        ):  # "Organization: Action against Hunger Fr"
            first = Name(start, start + len(whole), whole, page.folded[start : start + len(whole)])
        if first is not None and len(first.text) > 2 and not _where(page, first):
            return first, (label.start, first.end), f"funder.label.{label.language}", 0.95
    return None


def _weighed(page: Page, host: str) -> tuple[Name, Span, str, float] | None:
    """The name that weighs most, where it weighs enough."""
    others = _other_hosts(page)
    known = " ".join([host, *others])
    large = names_in(page, 0, len(page.text), known)
    small = [n for n in _lower(page, known) if not any(name.start < n.start < name.end for name in large)]
    names = [name for name in large if not any(n.start < name.start < n.end for n in small)]
    names = [n for n in [*names, *small] if not (page.is_silent(n.start) or is_general(n.folded) or _where(page, n))]
    names.sort(key=lambda n: n.start)
    counts: dict[str, int] = {}
    for name in names:
        counts[name.folded] = counts.get(name.folded, 0) + 1
    verbs = [_followed(page, name, page.segment(name.start)) for name in names]
    for i in range(len(names) - 2, -1, -1):  # "the City and the Institute invite": both do
        if verbs[i] is None and _AND.fullmatch(page.folded, names[i].end, names[i + 1].start):
            verbs[i] = verbs[i + 1]
        elif verbs[i + 1] and page.folded[names[i].end : names[i + 1].start] in (" at ", " at the "):
            verbs[i], verbs[i + 1] = verbs[i + 1], None
    whole = {name.folded for name in names if is_body(name.folded) and not is_thing(page, name.start, name.end)}
    best: tuple[float, int, Name, Span, str] | None = None
    bodies: dict[str, tuple[float, int, Name, Span, str]] = {}
    for name, verb in zip(names, verbs, strict=True):
        weight, core, rule = weight_of(page, name, host, others, verb)
        weight += min(2.0, 0.7 * (counts[name.folded] - 1))
        if name.folded not in whole and any(f" {name.folded} " in f" {body} " for body in whole):
            weight -= 4.0  # the town of "Ayuntamiento de …"
        if weight >= _LEAST_ALONE and name.folded in whole:
            bodies.setdefault(name.folded, (weight, -name.start, name, core, rule))
        if weight >= _LEAST and (best is None or (weight, -name.start) > (best[0], best[1])):
            best = (weight, -name.start, name, core, rule)
    if best is None and len(bodies) == 1:  # the one body the page names
        best = next(iter(bodies.values()))
    if best is None:
        return None
    return best[2], best[3], best[4], min(0.9, 0.4 + best[0] / 25)


def _lower(page: Page, host: str) -> Iterable[Name]:
    """Bodies whose noun is printed small: "le département des Sources"."""
    for match in _LOWER.finditer(page.text):
        if match["noun"][0].islower() and is_body(fold(match["noun"])):
            rest = names_in(page, match.end("name"), min(len(page.text), match.end("name") + 80), host)
            if rest and rest[0].start == match.end("name"):
                start = match.start("name")
                yield Name(start, rest[0].end, page.text[start : rest[0].end], page.folded[start : rest[0].end])


def _other_hosts(page: Page) -> list[str]:
    """Hosts the page links to that are its convener's: neither its own nor networks, forms and shorteners."""
    own = host_of(page.notice.url)
    hosts = {host_of(link.url) for link in page.notice.links[:60]} - {own, ""}
    return [
        plain_host(h) for h in sorted(hosts) if not any(is_among(h, kind) for kind in ("social", "shorteners", "free"))
    ]


def _where(page: Page, name: Name) -> bool:
    """Whether a name is that of a place or people alone."""
    hits = page.places_in(name.start, name.end)
    if not hits:
        return False
    bare = _TOWN.match(name.folded)
    size = name.end - name.start - (bare.end() if bare else 0)
    return sum(hit.end - hit.start for hit in hits) >= 0.7 * size


def _followed(page: Page, name: Name, segment: Span) -> int | None:
    """Where a verb of convening after the name ends, with nothing but an apposition between."""
    for hit in page.hits("funder.verbs", name.end, min(segment[1], name.end + 150)):
        if _APPOSED.fullmatch(page.folded, name.end, hit.start):
            return hit.end
    return None


def _kind(page: Page, name: Name) -> None:
    """What kind of body: by what is said right after its name, else by the name."""
    segment = page.segment(name.start)
    said = page.folded[name.end : min(segment[1], name.end + 90)]
    apposed = _TOLD.match(said)
    if apposed:
        for code, pattern in _IATI:
            match = pattern.search(said, apposed.end())
            if match and match.start() - apposed.end() <= 30 and not _BY_OTHERS.search(said, 0, match.end()):
                page.state("funder_type", code, f"funder.told.{code}", 0.8, (name.start, name.end + match.end()))
                _country(page, name, segment)
                return
    for code, pattern in _IATI:
        if pattern.search(name.folded) and not (code == 11 and _UNITED.match(name.folded)):
            page.state("funder_type", code, f"funder.type.{code}", 0.75, (name.start, name.end))
            break
    _country(page, name, segment)


_TOLD = re.compile(
    r"(?: ?\([^)\n]{2,14}\))?(?:, | ?\(| [–-] | is an? | es una? | est une? | e uma? | ist eine? |, an? )"
)
_BY_OTHERS = re.compile(
    r"(?<![a-z])(?:hosted|organise\w*|organizad\w*|avec|with|con|com|by|par|por|gerid\w*|gere|at|financ\w+|apoi\w*|support\w*)(?![a-z])"
)
_UNITED = re.compile(
    r"(?:red|rede|reseau|network|alianza|alianca|alliance|federa\w+|asocia\w+|associa\w+|liga|union|uniao|confedera\w+|netzwerk|oficina|secretaria)(?![a-z])"
)


def _country(page: Page, name: Name, segment: Span) -> None:
    """The country a name holds, or that stands with it: "(España)", ", Norway", "is a Sri Lankan charity"."""
    inside = {hit.place.code for hit in page.places_in(name.start, name.end) if hit.place.kind != "group"}
    if len(inside) == 1:
        page.state("funder_country", inside.pop(), "funder.country", 0.8, (name.start, name.end))
        return
    ahead = [hit for hit in page.places_in(max(segment[0], name.start - 24), name.start) if hit.place.kind == "people"]
    if ahead and re.fullmatch(r" ?(?:[^\W_-]+ ?){0,2}", page.folded[ahead[-1].end : name.start]):
        page.state("funder_country", ahead[-1].place.code, "funder.country", 0.7, (ahead[-1].start, name.end))
        return
    if not _WITH.match(page.folded, name.end):
        return
    for hit in page.places_in(name.end, min(segment[1], name.end + 110)):
        between = page.folded[name.end : hit.start]
        verbs = [
            verb for verb in page.hits("funder.verbs", name.end, hit.start) if not IS.match(page.folded, verb.start)
        ]
        if verbs or _AWAY.search(between) or hit.place.kind == "group":
            return
        page.state("funder_country", hit.place.code, "funder.country", 0.7, (name.start, hit.end))
        return


# How a word of where a body sits begins, and what turns it to whom it serves.
_WITH = re.compile(
    r"(?: ?\([^)\n]{0,14}\))?(?:,| ?\(| [–-]|\n?,? (?:is|es|est|e|ist) (?:an?|una?|une|uma|eine?) | (?:in|en|em|au|aux|a|de|del|da|do|du|of|from|d'|aus|im) ?)"
)
_AWAY = re.compile(
    r"(?<![a-z])(?:for|para|pour|fur|citizens|students|ciudadan\w*|estudiantes|ressortissants|with|con|avec|com|mit|member|miembros|membres|and|y|et|e|und|support|apoyo|to|hacia|towards|about|sobre|sur)(?![a-z])"
)


def read_number(page: Page) -> None:
    """Write opportunity_number: the convener's own, right after its label ("Ref. MF-27-04", "Topic: X-2027-1")."""
    stated = page.facts[0][0][0] if page.facts else len(page.text)
    # what an interface states comes before what the prose mentions
    for label in sorted(page.hits("opportunity_number.labels"), key=lambda hit: (hit.start < stated, hit.start)):
        lead = _LEAD.match(page.folded, label.end)
        match = _CODE.match(page.text, lead.end()) if lead else None
        if match is None or not 3 <= len(match.group().rstrip(".")) <= 50:
            continue
        code = match.group().rstrip(".")
        plain = re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}|(?:19|20)[0-9]{2}|[0-9]{1,3}", code)
        marked = re.search(r"[:.#(]|n[o.]|num", page.folded[label.end : lead.end()] if lead else "") or re.search(
            r"[/-]|[A-Z]", code
        )
        if not plain and marked:
            page.state(
                "opportunity_number",
                code,
                f"number.label.{label.language}",
                0.9,
                (label.start, match.start() + len(code)),
            )
            return
