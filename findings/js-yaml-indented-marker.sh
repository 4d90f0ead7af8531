#!/usr/bin/env bash
# js-yaml 5.5.0, yaml 2.9.1 (npm) and PyYAML 6.0.3 read a text whose first line is `---`, indented.
#
# YAML knows the start of a document by three dashes in the first column (1.2.2, 9.1.2). js-yaml takes them with blanks before them as
# well, but only at the beginning of the text: the rest of a manifest that somebody indented as a whole, as in a here-document, is read
# up to the next such line, where the other two refuse it at once. Where a text follows in the line, the dashes are lost.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >read.mjs <<'JS'
import { loadAll } from "js-yaml";
import { parseAllDocuments } from "yaml";
const readers = {
  "js-yaml": loadAll,
  yaml: (text) =>
    parseAllDocuments(text, { prettyErrors: false }).map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS();
    }),
};
for (const [name, read] of Object.entries(readers))
  for (const text of ["  ---\n  a: 1\n", "  --- a\n"]) {
    try {
      console.log(name, JSON.stringify(text), JSON.stringify(read(text)));
    } catch {
      console.log(name, JSON.stringify(text), "refused");
    }
  }
JS
cat >read.py <<'PY'
import json, yaml
for text in ["  ---\n  a: 1\n", "  --- a\n"]:
    try:
        print("PyYAML", json.dumps(text), json.dumps(list(yaml.safe_load_all(text))))
    except yaml.YAMLError:
        print("PyYAML", json.dumps(text), "refused")
PY
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts js-yaml@5.5.0 yaml@2.9.1 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.3
seen=$(node read.mjs && venv/bin/python read.py)

diff <(echo "$seen") - <<'SEEN' && echo "holds: js-yaml takes indented dashes at the beginning for the start of a document"
js-yaml "  ---\n  a: 1\n" [{"a":1}]
js-yaml "  --- a\n" ["a"]
yaml "  ---\n  a: 1\n" refused
yaml "  --- a\n" ["--- a"]
PyYAML "  ---\n  a: 1\n" refused
PyYAML "  --- a\n" ["--- a"]
SEEN
