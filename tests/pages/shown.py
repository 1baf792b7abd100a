"""The acts that views show, and the rows of their lists."""

import html
import json
import re


def acts_in(text):
    """The calls that the acts of a view make."""
    found = re.findall('data-act="([^"]*)"', text)
    return [html.unescape(one) for one in found]


def acts_of(page, path):
    """The acts of a view as it describes them to its script."""
    text = page.get(path).text
    return [json.loads(html.unescape(one)) for one in re.findall('data-act="([^"]*)"', text)]


def calls_of(page, path):
    """Label, method and path of each act, with a star for each id."""
    kinds = "external-task|job|batch|deployment|incident|process-instance|process-definition"
    more = "task|user|group|tenant|authorization|variable-instance"
    ids = re.compile(rf"/({kinds}|{more})/(?!create)[^/]+")
    found = {(a["label"], a["method"], ids.sub(r"/\1/*", a["path"])) for a in acts_of(page, path)}
    return sorted(found)


def rows(page, path):
    """How many rows the list of a view has."""
    text = page.get(path).text
    return (text.partition('id="rows"')[2] or text).count('<th scope="row">')
