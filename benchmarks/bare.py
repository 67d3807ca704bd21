"""The least that a Flask page can do with a person behind it: what our pages are compared with.

`page`: a session and its person, one row, 15 KB of template. `write`: the same, and three rows made durable. `upsert`:
one row, nothing else. Same database, same drivers, same pragmas, same server as ours.
"""

import hashlib
import os

from flask import Flask, redirect, request
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import open_engines
from app.models import Document, Person, SignIn

tables = MetaData()
row = Table(
    "bench_row", tables, Column("id", Integer, primary_key=True), Column("name", String(64)), Column("number", Integer)
)
counter = Table("bench_counter", tables, Column("name", String(64), primary_key=True), Column("number", Integer))

LINES = 150
PAGE = """<!doctype html><html lang="fr"><head><title>{{ title }}</title></head><body><h1>{{ name }}</h1><ul>
{% for number in range(lines) %}<li class="line"><a href="/{{ number }}">{{ title }}, ligne {{ number }}</a>
<span>{{ number * 2 }} min</span></li>
{% endfor %}</ul></body></html>
"""

settings = Settings.from_env(os.environ)
engines = open_engines(settings)
app = Flask(__name__)
template = app.jinja_env.from_string(PAGE)
one = (sqlite if engines.write.dialect.name == "sqlite" else postgresql).insert(counter)
again = one.on_conflict_do_update(index_elements=["name"], set_={"number": counter.c.number + 1})


def _person(db: Session) -> Person:
    secret = hashlib.sha256(request.cookies["session"].encode()).hexdigest()
    found = db.execute(select(SignIn, Person).join(Person).where(SignIn.token_hash == secret)).one()
    return found[1]


@app.get("/page")
def page() -> str:
    with Session(engines.read) as db:
        person = _person(db)
        title = db.scalars(select(Document.slug).where(Document.id == 1)).one()
        return template.render(name=person.name or "", title=f"Un parcours, {title}", lines=LINES)


@app.post("/write")
def write() -> object:
    key = request.form["key"]
    with Session(engines.write) as db:
        person = _person(db)
        db.scalars(select(Document.slug).where(Document.id == 1)).one()
        for number in range(3):
            db.execute(insert(row).values(name=f"{key}-{number}", number=person.id))
        db.commit()
    return redirect("/page", 303)


@app.post("/upsert")
def upsert() -> object:
    with engines.write.begin() as connection:
        connection.execute(again, {"name": request.form["key"], "number": 1})
    return "", 204
