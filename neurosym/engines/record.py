"""A record of samples: each is drawn once, and served ever after.

The same request of the same model gives what was drawn for it before, so that a run can be done
again without a model, and a change that leaves prompts as they are costs no samples.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import Capability, EngineInfo, SamplingParams
from neurosym.errors import OptionError, RecordError

__all__ = ["Record", "Recorded", "keys"]

_LOG = logging.getLogger("neurosym")
_PARALLEL = 64
"""Samples that are served at once."""
_WAIT = 60.0
"""Seconds to wait for another process that writes."""

_TABLES = (
    """CREATE TABLE models (
        engine TEXT, digest TEXT, name TEXT, version TEXT, can TEXT,
        PRIMARY KEY (engine, digest, name)
    ) WITHOUT ROWID""",
    """CREATE TABLE prompts (
        digest TEXT PRIMARY KEY, prompt TEXT
    ) WITHOUT ROWID""",
    """CREATE TABLE charges (
        engine TEXT, model TEXT, prompt TEXT, tokens INTEGER,
        PRIMARY KEY (engine, model, prompt)
    ) WITHOUT ROWID""",
    """CREATE TABLE samples (
        engine TEXT, model TEXT, prompt TEXT, params TEXT, seed INTEGER, charged INTEGER,
        completion TEXT,
        PRIMARY KEY (engine, model, prompt, params, seed)
    ) WITHOUT ROWID""",
)
_CHANGES = (
    _TABLES,
    (
        "ALTER TABLE models ADD COLUMN charges_each INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE samples ADD COLUMN version TEXT",
    ),
)
"""What each format changed in the one before."""
_FORMAT = len(_CHANGES)
_ADDED = {"charges_each": (2, "0"), "t.version": (2, "NULL")}
"""Since which format there is a column, and what stands for it in older ones."""
_MODEL_VERSION = (
    "(SELECT min(m.version) FROM models AS m WHERE m.engine = t.engine AND m.digest = t.model)"
)
"""The version that first drew from the model of a sample or charge ``t``."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One sample of a record.

    Attributes:
        completion: What was drawn.
        charged: Tokens that its request was charged for the prompt.
    """

    completion: Completion
    charged: int


class Record:
    """Samples in an SQLite file, under all that they depend on.

    That is the engine, the model's digest, the prompt, the parameters, and the seed: the i-th
    sample of a request has the seed ``seed + i``, so that no two samples of one request are the
    same one. At temperature 0 all seeds give the same sample.

    The version of the engine, which may tell precision and device, is kept with each sample: those
    of other versions are served as well, so that a record outlives an update, with a warning.

    Several processes may share a file (write-ahead log), and what was written outlives a process
    that is killed. Safe to use from several threads.

    Args:
        path: The file; it is made if there is none.
        must_exist: Whether it has to be there already.

    Raises:
        RecordError: It is no record, of a newer kind, or cannot be opened.
    """

    def __init__(self, path: str | Path, *, must_exist: bool = False) -> None:
        self.path = Path(path)
        if must_exist and not self.path.is_file():
            raise RecordError(
                f"there is no record of samples {path}", hint="Make one with --record."
            )
        self._turn = threading.Lock()
        self._told_of: set[tuple[str, str]] = set()
        with self._told():
            self._connection = sqlite3.connect(
                self._address(reading=must_exist),
                uri=True,
                timeout=_WAIT,
                check_same_thread=False,
                isolation_level=None,
            )
        try:
            with self._told():
                if must_exist:
                    self._look()
                else:
                    self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _address(self, *, reading: bool) -> str:
        address = self.path.absolute().as_uri()
        if not reading:
            return f"{address}?mode=rwc"
        beside = self.path.with_name(f"{self.path.name}-wal")
        if os.access(self.path.parent, os.W_OK) or (beside.exists() and beside.stat().st_size):
            return f"{address}?mode=ro"
        # What readers share cannot be made beside it. All that was written is in the file itself.
        return f"{address}?immutable=1"

    def _prepare(self) -> None:
        # In one transaction, for another process may make the tables in the same moment.
        with self._transaction():
            found = self._format()
            if not found and self._holds_tables():
                raise self._alien()
            for change in chain.from_iterable(_CHANGES[found:]):
                self._connection.execute(change)
            self._connection.execute(f"PRAGMA user_version = {_FORMAT}")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")

    def _look(self) -> None:
        if not self._format():
            raise self._alien()

    def _format(self) -> int:
        found = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        if found > _FORMAT:
            raise RecordError(
                f"{self.path} is a record of a newer kind ({found})", hint="Update neurosym."
            )
        return found

    def _column(self, name: str) -> str:
        """A column, or what stands for it where an older record is read."""
        since, otherwise = _ADDED[name]
        return name if self._format() >= since else otherwise

    def _version(self) -> str:
        """The version of a sample ``t``; those of older records are of their model's first one."""
        return f"coalesce({self._column('t.version')}, {_MODEL_VERSION})"

    def _holds_tables(self) -> bool:
        return self._connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None

    def _alien(self) -> RecordError:
        return RecordError(
            f"{self.path} is a database, but no record of samples", hint="Name another file."
        )

    def models(self) -> list[EngineInfo]:
        """The engines and models that there are samples of."""
        with self._turn, self._told():
            rows = self._connection.execute(
                f"SELECT engine, name, digest, version, can, {self._column('charges_each')} "
                "FROM models ORDER BY engine, name"
            ).fetchall()
        # What a record holds of further questions shows when they are asked, and older records do
        # not say of an engine that it answers them.
        return [
            EngineInfo(
                name, model, digest, version, _PARALLEL,
                frozenset({Capability.FURTHER, *map(Capability, json.loads(can))}),
                charges_each=bool(charges_each),
            )
            for name, model, digest, version, can, charges_each in rows
        ]  # fmt: skip

    def get(self, info: EngineInfo, prompt: Prompt, params: SamplingParams) -> dict[int, Recorded]:
        """The samples of a request that are there, under their places.

        It is logged, once, where they are of another version of the engine.
        """
        places = keys(prompt, params)
        digest, text, first = places[0]
        with self._turn, self._told():
            rows = self._connection.execute(
                f"SELECT seed, charged, completion, {self._version()} FROM samples AS t "
                "WHERE engine = ? AND model = ? AND prompt = ? AND params = ? "
                "AND seed BETWEEN ? AND ?",
                (info.name, info.model_digest, digest, text, first, places[-1][-1]),
            ).fetchall()
            self._tell_of({version for *_, version in rows}, info.version)
        there = {seed: Recorded(_completion(text), charged) for seed, charged, text, _ in rows}
        return {
            i: replace(item, completion=replace(item.completion, seed=params.seed + i))
            for i, (_, _, seed) in enumerate(places)
            if (item := there.get(seed)) is not None
        }

    def put(
        self, info: EngineInfo, prompt: Prompt, params: SamplingParams, drawn: Recorded
    ) -> Recorded:
        """Keep the only sample of a request, unless there is one already, which is given then."""
        params = replace(params, n=1)
        [(digest, text, seed)] = keys(prompt, params)
        row = (info.name, info.model_digest, digest, text, seed, drawn.charged,
               json.dumps(asdict(drawn.completion)), info.version)  # fmt: skip
        with self._turn, self._told(), self._transaction():
            self._put_model(info)
            self._put_prompt(digest, prompt)
            is_new = self._connection.execute(
                "INSERT OR IGNORE INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row
            ).rowcount
        return drawn if is_new else self.get(info, prompt, params)[0]

    def _tell_of(self, versions: set[str], wanted: str) -> None:
        for version in sorted(versions - {wanted}):
            if (version, wanted) not in self._told_of:
                self._told_of.add((version, wanted))
                _LOG.warning(
                    "the record %s serves samples that %s drew, where now it is %s; to draw them "
                    "anew, name another record",
                    self.path, version, wanted,
                )  # fmt: skip

    def charge(self, info: EngineInfo, prompt: Prompt) -> int | None:
        """Tokens that requests with this prompt are charged for it; ``None`` if not recorded."""
        with self._turn, self._told():
            row = self._connection.execute(
                "SELECT tokens FROM charges WHERE engine = ? AND model = ? AND prompt = ?",
                (info.name, info.model_digest, _digest(prompt)),
            ).fetchone()
        return None if row is None else int(row[0])

    def put_charge(self, info: EngineInfo, prompt: Prompt, tokens: int) -> None:
        """Keep what requests with this prompt are charged for it."""
        digest = _digest(prompt)
        row = (info.name, info.model_digest, digest, tokens)
        with self._turn, self._told(), self._transaction():
            self._put_model(info)
            self._put_prompt(digest, prompt)
            self._connection.execute("INSERT OR IGNORE INTO charges VALUES (?, ?, ?, ?)", row)

    def _put_model(self, info: EngineInfo) -> None:
        can = json.dumps(sorted(info.can))
        row = (info.name, info.model_digest, info.model, info.version, can, info.charges_each)
        self._connection.execute(
            # Older records do not say it of those that they know.
            "INSERT INTO models VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
            "SET charges_each = 1 WHERE excluded.charges_each AND NOT models.charges_each",
            row,
        )

    def _put_prompt(self, digest: str, prompt: Prompt) -> None:
        row = (digest, json.dumps(asdict(prompt)))
        self._connection.execute("INSERT OR IGNORE INTO prompts VALUES (?, ?)", row)

    def export(self) -> Iterator[dict[str, Any]]:
        """Every sample as JSON data, with all that it depends on, and what prompts are charged."""
        for *about, params, seed, charged, completion in self._all_of(
            "samples", self._version(), "params, seed, charged, completion"
        ):
            yield {
                **_about(*about), "params": json.loads(params), "seed": seed, "charged": charged,
                "completion": json.loads(completion),
            }  # fmt: skip
        for *about, tokens in self._all_of("charges", _MODEL_VERSION, "tokens"):
            yield {**_about(*about), "tokens": tokens}

    def _all_of(self, table: str, version: str, columns: str) -> list[Any]:
        """The rows of a table in a fixed order, each with its model and its prompt."""
        with self._turn, self._told():
            return self._connection.execute(
                f"SELECT t.engine, t.model, min(name), {version}, can, "
                f"{self._column('charges_each')}, prompts.prompt, {columns} "
                f"FROM {table} AS t JOIN models ON models.engine = t.engine "
                "AND models.digest = t.model JOIN prompts ON prompts.digest = t.prompt "
                f"GROUP BY t.engine, t.model, t.prompt, {columns} "
                f"ORDER BY t.engine, t.model, t.prompt, {columns}"
            ).fetchall()

    def take(self, data: Mapping[str, Any]) -> None:
        """Keep a sample or charge that :meth:`export` gave; one that is there already stays.

        Raises:
            RecordError: It is none.
        """
        try:
            info = EngineInfo(
                data["engine"], data["model"], data["model_digest"], data["version"], parallel=1,
                can=frozenset(map(Capability, data["can"])),
                charges_each=bool(data.get("charges_each", False)),
            )  # fmt: skip
            prompt = Prompt.from_json(data["prompt"])
            if "tokens" in data:
                self.put_charge(info, prompt, int(data["tokens"]))
                return
            params = SamplingParams(seed=data["seed"], **data["params"])
            completion = Completion.from_json(data["completion"])
            charged = int(data["charged"])
        except (KeyError, TypeError, ValueError, AttributeError, OptionError) as error:
            raise RecordError(
                f"it is no sample of a record: {error!r}", hint="Give what export has written."
            ) from error
        self.put(info, prompt, params, Recorded(completion, charged))

    def close(self) -> None:
        """Let go of the file. Safe to call twice."""
        with self._turn:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise RecordError(
                f"the record of samples {self.path} cannot be used: {error}",
                hint="Name another file, or see that it may be written and has room.",
            ) from error


def _about(
    engine: str, digest: str, name: str, version: str, can: str, charges_each: int, prompt: str
) -> dict[str, Any]:
    """What engine and prompt something is of, as JSON data."""
    return {
        "engine": engine, "model": name, "model_digest": digest, "version": version,
        "can": json.loads(can), "charges_each": bool(charges_each), "prompt": json.loads(prompt),
    }  # fmt: skip


def _digest(prompt: Prompt) -> str:
    return replace(prompt, subject="").digest  # what it is about changes nothing


def keys(prompt: Prompt, params: SamplingParams) -> list[tuple[str, str, int]]:
    """What the samples of a request are kept under, in order, for one engine and model.

    Args:
        prompt: The prompt, of which the digest counts.
        params: How they are drawn: the parameters as text, and the seed of each.
    """
    data = asdict(params)
    del data["n"], data["seed"]
    digest, text = _digest(prompt), json.dumps(data, sort_keys=True)
    seeds = (0 if params.temperature == 0 else params.seed + i for i in range(params.n))
    return [(digest, text, seed) for seed in seeds]


def _completion(text: str) -> Completion:
    return Completion.from_json(json.loads(text))
