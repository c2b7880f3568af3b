"""The outbox: what a person posts by hand, an edition a folder, with a page to go through.

``outbox/<edition>/``: for each channel a folder of texts ready to paste, each with its picture and the picture's words;
the edition's e-mail as ``correo.html``, ``.txt`` and ``.eml``; ``index.html``, which works from a disk and runs nothing.
What is posted, and what becomes of it, is in the ledger: the page shows it and keeps nothing. Texts are ``channels``'.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast, get_args

from boi_pipeline.palette import palette
from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.bulletin import Bulletin, PublishedItem
from boi_pipeline.publishing.card_picture import SQUARE, WIDE, draw
from boi_pipeline.publishing.cards import card_png, week_card
from boi_pipeline.publishing.channels.checks import faults
from boi_pipeline.publishing.channels.mail import Mail, mail_faults, mail_of
from boi_pipeline.publishing.channels.post import RULES, Post, PostChannel
from boi_pipeline.publishing.channels.posts import post_of, week_post
from boi_pipeline.publishing.writer import environment
from boi_pipeline.records import Edition, Publication

MAIL = "email"
_SHAPES = {"wide": WIDE, "square": SQUARE}
_STATES = {
    "planned": "Por publicar",
    "sending": "Enviándose",
    "sent": "Publicada",
    "failed": "Falló el envío y se intentará de nuevo: si la publica a mano, anótelo",
    "uncertain": "No se sabe si salió: mire primero el canal",
}
_MAIL_STATES = {
    "planned": "Por enviar",
    "sending": "Enviándose",
    "sent": "Enviado",
    "failed": "Falló el envío y se intentará de nuevo: si lo envía a mano, anótelo",
    "uncertain": "No se sabe si salió: mire primero el buzón",
}
_ADVICE: dict[str, str] = {
    "x": "Copie el texto tal como está. Adjunte la imagen y pegue su texto alternativo.",
    "linkedin": "Copie el texto tal como está. El enlace va al final y muestra su propia imagen.",
    "instagram": "Suba la imagen cuadrada y pegue su texto alternativo. Los enlaces no funcionan en el texto.",
    "whatsapp": "Copie el texto tal como está. Los signos * y _ se verán como negrita y cursiva.",
    MAIL: "Abra correo.eml con su programa de correo. Ponga a los destinatarios en copia oculta.",
}


@dataclass(frozen=True)
class Entry:
    """A post on the page, with its files and how it stands."""

    post: Post
    title: str
    stem: str  # path of its files, without their endings
    picture: bool
    state: str
    state_words: str
    target: str  # what the ledger's command calls it
    problems: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        return self.state == "sent"


@dataclass(frozen=True)
class Channel:
    """A channel's posts of one edition."""

    name: str
    label: str
    advice: str
    entries: tuple[Entry, ...]

    @property
    def done_count(self) -> int:
        return sum(one.is_done for one in self.entries)


@dataclass(frozen=True)
class Letter:
    """The edition's e-mail on the page."""

    mail: Mail
    message: bytes
    state: str
    state_words: str
    target: str  # what the ledger's command calls it
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """All there is to post of one edition."""

    edition: Edition
    heading: str
    channels: tuple[Channel, ...]
    letter: Letter | None

    @property
    def problems(self) -> list[str]:
        """What keeps posts from going out as they are."""
        entries = [entry for channel in self.channels for entry in channel.entries]
        told = [f"{entry.target}: {one}" for entry in entries for one in entry.problems]
        letter = self.letter
        return told + [f"{letter.target}: {one}" for one in letter.problems] if letter else told

    @property
    def count(self) -> int:
        return sum(len(one.entries) for one in self.channels) + (self.letter is not None)

    @property
    def done_count(self) -> int:
        letter = self.letter is not None and self.letter.state == "sent"
        return sum(one.done_count for one in self.channels) + letter


def _worst(states: Iterable[str]) -> str:
    """How publications that go out together stand: as the one that most needs a person."""
    order = ("uncertain", "failed", "sending", "planned", "sent")
    return min(states, key=order.index)


class _Edition:
    """One edition or week, its items that stand, and its planned publications by channel."""

    def __init__(
        self,
        bulletin: Bulletin,
        edition: Edition,
        items: Sequence[PublishedItem],
        whys: Sequence[str] | None,
        planned: Sequence[Publication],
    ) -> None:
        self.bulletin, self.edition, self.is_week = bulletin, edition, whys is not None
        reasons = whys if whys is not None else [""] * len(items)
        standing = [
            (item, why)
            for item, why in zip(items, reasons, strict=True)
            if not item.is_withdrawn and item.code not in bulletin.tombstones
        ]
        self.items = {item.code: (item, why) for item, why in standing}
        self.planned: dict[str, list[Publication]] = {}
        for one in sorted(planned, key=lambda each: (each.position, each.code)):
            if one.code in self.items:
                self.planned.setdefault(one.channel, []).append(one)

    def _target(self, rows: Sequence[Publication]) -> str:
        return rows[0].publication_id if len(rows) == 1 else f"{self.edition.edition_id}/{rows[0].channel}"

    def _entry(self, post: Post, place: int, rows: Sequence[Publication]) -> Entry:
        state = _worst(one.state for one in rows)
        return Entry(
            post=post,
            title="La semana" if post.name == self.edition.edition_id else post.notes[0].title,
            stem=f"{post.channel}/{place}-{post.name.lower()}",
            picture=post.card is not None,
            state=state,
            state_words=_STATES[state],
            target=self._target(rows),
            problems=(
                *(f"No la publique así. {one}" for one in faults(post)),
                *self._superseded(rows),
                *post.remarks,
            ),
        )

    def _superseded(self, rows: Sequence[Publication]) -> list[str]:
        """Where a later edition corrected what is said here."""
        told = []
        for row in rows:
            edition, item = self.bulletin.current.get(row.code, (self.edition, None))
            if item and edition.seq > self.edition.seq and item.publication.snapshot_sha256 != row.snapshot_sha256:
                told.append(f"No la publique: {row.code} se corrigió en la edición {edition.edition_id}.")
        return told

    def _posts(self, channel: PostChannel) -> list[Entry]:
        rows = self.planned[channel]
        if self.is_week and channel == "linkedin":
            picks = [self.items[one.code] for one in rows]
            return [self._entry(week_post(self.bulletin, self.edition, picks), 1, rows)]
        return [
            self._entry(post_of(self.bulletin, self.edition, self.items[one.code][0], channel), place, [one])
            for place, one in enumerate(rows, 1)
        ]

    def _letter(self) -> Letter | None:
        if not (rows := self.planned.get(MAIL)):
            return None
        shown = [self.items[one.code] for one in rows]
        whys = [why for _, why in shown] if self.is_week else None
        mail = mail_of(self.bulletin, self.edition, [item for item, _ in shown], whys)
        state = _worst(one.state for one in rows)
        problems = (*(f"No lo envíe así. {one}" for one in mail_faults(mail)), *self._superseded(rows))
        message = mail.message(self.bulletin, self.edition)
        return Letter(mail, message, state, _MAIL_STATES[state], self._target(rows), problems)

    def batch(self) -> Batch:
        """What there is to post."""
        day = spanish.weekday_date(self.edition.edition_date)
        channels = [
            Channel(
                name,
                self.bulletin.label("channels", name),
                _ADVICE[name],
                tuple(self._posts(cast("PostChannel", name))),
            )
            for name in get_args(PostChannel)
            if name in self.planned
        ]
        heading = f"Semana que cerró el {day}" if self.is_week else f"Edición del {day}"
        return Batch(self.edition, heading, tuple(channels), self._letter())


def batches(bulletin: Bulletin, publications: Iterable[Publication]) -> list[Batch]:
    """What there is to post of the editions of the last days, newest first; ``publications`` with their states."""
    first = bulletin.today - timedelta(days=bulletin.entity.channels.window_days)
    planned: dict[str, list[Publication]] = {}
    for one in publications:
        planned.setdefault(one.edition_id, []).append(one)
    shown = [
        _Edition(bulletin, one.edition, one.items, None, planned.get(one.edition.edition_id, []))
        for one in bulletin.editions
        if one.edition.edition_date >= first
    ]
    shown += [
        _Edition(
            bulletin,
            one.edition,
            [each.item for each in one.items],
            [each.why for each in one.items],
            planned.get(one.edition.edition_id, []),
        )
        for one in bulletin.weeks
        if one.edition.edition_date >= first
    ]
    made = [batch for one in shown if (batch := one.batch()).count]
    return sorted(made, key=lambda one: (one.edition.edition_date, one.edition.seq), reverse=True)


# ---------------------------------------------------------------- files


class _Folder:
    """Writes the files of the outbox and remembers which. A picture that several posts share is drawn once."""

    def __init__(self, bulletin: Bulletin, folder: Path) -> None:
        self.bulletin, self.folder = bulletin, folder
        self.written: list[Path] = []
        self._drawn: dict[tuple[str, str], bytes] = {}
        brand = bulletin.entity.brand
        self._given = {
            "entity": bulletin.entity,
            "light": palette(brand.primary, brand.accent, dark=False),
            "dark": palette(brand.primary, brand.accent, dark=True),
        }

    def file(self, name: str, content: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.written.append(path)

    def page(self, template: str, name: str, **given: object) -> None:
        self.file(name, environment().get_template(template).render(self._given | given))

    def picture(self, edition: Edition, post: Post) -> bytes:
        shape = post.card or "wide"
        key = (f"{edition.edition_id}/{post.name}", shape)
        if key not in self._drawn:
            is_week = post.name == edition.edition_id
            self._drawn[key] = (
                draw(week_card(self.bulletin, edition, len(post.notes)), _SHAPES[shape])
                if is_week
                else card_png(self.bulletin, post.notes[0], _SHAPES[shape])
            )
        return self._drawn[key]

    def batch(self, batch: Batch) -> None:
        root = f"{batch.edition.edition_id}/"
        for channel in batch.channels:
            for entry in channel.entries:
                self.file(f"{root}{entry.stem}.txt", entry.post.text + "\n")
                if entry.picture:
                    self.file(f"{root}{entry.stem}.png", self.picture(batch.edition, entry.post))
                    self.file(f"{root}{entry.stem}.alt.txt", entry.post.alt + "\n")
        if letter := batch.letter:
            self.file(f"{root}correo.html", letter.mail.html)
            self.file(f"{root}correo.txt", letter.mail.text)
            self.file(f"{root}correo.eml", letter.message)
        self.page("outbox.html", f"{root}index.html", batch=batch, advice=_ADVICE, rules=RULES)


def write_outbox(bulletin: Bulletin, made: Sequence[Batch], folder: Path) -> list[Path]:
    """Write what there is to post into ``folder``; give the files. The caller swaps the folder whole.

    What was withdrawn is not in it. Equal records give equal bytes.
    """
    shown = _Folder(bulletin, folder)
    for batch in made:
        shown.batch(batch)
    shown.page("outbox_editions.html", "index.html", batches=made, days=bulletin.entity.channels.window_days)
    return sorted(shown.written)
