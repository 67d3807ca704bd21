"""The files of a cohort that its trainer takes away; each is a POST, for it leaves a trace."""

from flask import render_template

from app import policy
from app.actions import exports
from app.outside import export
from app.teach import pages
from app.teach.blueprint import blueprint
from app.web import Answer, Door, allow, download


@blueprint.post("/cohortes/<id:number>/exports")
@allow(policy.TEACH)
def export_cohort(door: Door, number: int) -> Answer:
    what, pathway = door.form.get("what", ""), door.form.get("parcours", "")
    if what not in set(exports.Export):
        page = pages.cohort(door.read, door.person, number, pages.View())
        return render_template("teach/cohort.html", page=page), 422
    exports.export(door.write, door.person.id, number, exports.Export(what))
    made = pages.table(door.read, door.person, number, what, pathway)
    if door.form.get("how") == "xlsx":
        return download.spreadsheet(export.as_xlsx(made.title, made.heads, made.rows), made.name)
    return download.csv(export.as_csv(made.heads, made.rows), made.name)
