"""Questions written in GIFT, Moodle's text format: what it cannot say goes as comments, and is said to the author."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.content.gift import APART, ESCAPED, NUMBER, OURS
from app.content.yamltext import emit
from app.i18n import _

_OUT = {ord(each): f"\\{each}" for each in ESCAPED[:-1]} | {ord("\n"): "\\n"}


def write(questions: Sequence[Mapping[str, Any]]) -> str:
    """A GIFT text of questions as a document has them. What GIFT cannot say is there as comments, said apart."""
    return "\n".join(_written(question, rank) for rank, question in enumerate(questions, 1))


def losses(questions: Sequence[Mapping[str, Any]]) -> list[str]:
    """What another reader of GIFT will not find, question by question."""
    said = ((rank, _lost(question)) for rank, question in enumerate(questions, 1))
    return [_("Question %(n)s : %(said)s", n=rank, said=lost) for rank, lost in said if lost]


def _written(question: Mapping[str, Any], rank: int) -> str:
    plain = {key: said for key, said in question.items() if key != "uid"}
    lost = _lost(question)
    head = f"// {_('Question %(n)s : %(said)s', n=rank, said=lost)}\n" if lost else ""
    answers = _answers(question)
    if not answers:
        return head + _comment(plain)
    lines = [*answers, *([f"####{_said(question['explain'])}"] if question.get("explain") else [])]
    inside = "\n".join(lines)
    return f"{head}{_comment(_beside(question))}[plain]{_escaped(question['ask'])} {{\n{inside}\n}}\n"


def _comment(plain: Mapping[str, Any]) -> str:
    lines = emit(dict(plain)).rstrip("\n").split("\n") if plain else []
    return "".join(f"{OURS} {line}\n" for line in lines)


def _beside(question: Mapping[str, Any]) -> Mapping[str, Any]:
    keys = {"match": APART[1:], "numeric": APART[:1]}.get(question.get("type", ""), ())
    return {key: question[key] for key in keys if question.get(key)}


def _lost(question: Mapping[str, Any]) -> str:
    if question.get("type") == "order":
        return _("GIFT n’a pas de question à remettre dans l’ordre, elle y est en commentaire")
    if not _answers(question):
        return _("elle n’est pas finie, ou contient « -> » qui a un autre sens en GIFT ; elle y est en commentaire")
    if _beside(question):
        return _("GIFT n’a ni unité ni commentaire pour ce type, ils y sont en commentaire")
    return ""


def _answers(question: Mapping[str, Any]) -> list[str]:
    """What stands between the braces, line by line; nothing for what cannot be said there."""
    kind = question.get("type", "single")
    right, wrong = (_back(question, f"feedback_{way}") for way in ("right", "wrong"))
    if not question.get("ask"):
        return []
    match kind:
        case "single" | "multiple":
            return _options(question.get("options", ()), several=kind == "multiple")
        case "truefalse" if question.get("answer") in ("yes", "no"):
            said = f"{wrong or '#' * bool(right)}{right}"
            return [f"{'TRUE' if question['answer'] == 'yes' else 'FALSE'}{said}"]
        case "match":
            return _pairs(question.get("pairs", ()))
        case "numeric" if NUMBER.fullmatch(str(question.get("answer", ""))):
            number = f"{question['answer']}:{question.get('tolerance') or 0}".replace(",", ".")
            return ["#", f"={number}{right}", *([f"~{wrong}"] if wrong else [])]
        case "short":
            accept = [each.replace("*", "\\*") for each in question.get("accept", ())]
            if not any("->" in each for each in (*accept, right, wrong)):
                lines = [f"={_said(each)}{right}" for each in accept]
                return [*lines, *([f"=%0%*{wrong}"] if wrong and lines else [])]
    return []


def _options(options: Sequence[Mapping[str, str]], *, several: bool) -> list[str]:
    rights = sum(option.get("right") == "yes" for option in options)
    if len(options) < 2 or not all(option.get("text") for option in options) or not rights:
        return []
    if not several:
        marks = {"yes": "=", "": "~"}
        if rights != 1:
            return []
    else:
        share = f"{Decimal(100) / rights:.5f}".rstrip("0").rstrip(".")
        marks = {"yes": f"~%{share}%", "": "~%-100%"}
    ways = [marks["yes" if option.get("right") == "yes" else ""] for option in options]
    return [f"{way}{_said(each['text'])}{_back(each, 'feedback')}" for way, each in zip(ways, options, strict=True)]


def _pairs(pairs: Sequence[Mapping[str, str]]) -> list[str]:
    if len(pairs) < 2 or any("->" in pair.get("left", "->") or not pair.get("right") for pair in pairs):
        return []
    return [f"={_said(pair['left'])} -> {_escaped(pair['right'])}" for pair in pairs]


def _back(said: Mapping[str, str], key: str) -> str:
    return f"#{_said(said[key])}" if said.get(key) else ""


def _said(text: str) -> str:
    """Signs escaped; what would be taken for points or for a format is said to be plain."""
    return f"{'[plain]' if text[:1] in ('[', '%') else ''}{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.translate(_OUT)
