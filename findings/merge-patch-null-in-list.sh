#!/usr/bin/env bash
# github.com/evanphx/json-patch v5.9.11, and gopkg.in/evanphx/json-patch.v4 v4.13.0 as in the API server, against
# json-merge-patch 1.0.2 (npm) and json-merge-patch 0.3.0 (PyPI).
#
# A merge patch (RFC 7396) replaces a list by the patch's, as it stands: null removes a member of an object that is merged, and
# within a list nothing is merged. The Go library drops members that are null from objects in lists, though it keeps a null that
# stands in the list itself. So a patch that its own CreateMergePatch makes doesn't lead to the document that it was made for.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >go.mod <<'MOD'
module finding
go 1.23
require github.com/evanphx/json-patch/v5 v5.9.11
require gopkg.in/evanphx/json-patch.v4 v4.13.0
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"

	v5 "github.com/evanphx/json-patch/v5"
	v4 "gopkg.in/evanphx/json-patch.v4"
)

func main() {
	from, to := []byte(`{"list":[]}`), []byte(`{"list":[{"a":null,"b":1},null]}`)
	patch, _ := v5.CreateMergePatch(from, to)
	with5, _ := v5.MergePatch(from, patch)
	with4, _ := v4.MergePatch(from, patch)
	fmt.Printf("the patch: %s\nv5: %s\nv4: %s\n", patch, with5, with4)
}
GO
cat >main.cjs <<'JS'
const patch = JSON.parse('{"list":[{"a":null,"b":1},null]}');
console.log("npm:", JSON.stringify(require("json-merge-patch").apply({ list: [] }, patch)));
JS
cat >main.py <<'PY'
import json, json_merge_patch
patch = json.loads('{"list":[{"a":null,"b":1},null]}')
print("PyPI:", json.dumps(json_merge_patch.merge({"list": []}, patch), separators=(",", ":")))
PY
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts json-merge-patch@1.0.2 >/dev/null
python3 -m venv venv && venv/bin/pip install --quiet --disable-pip-version-check json-merge-patch==0.3.0
GOFLAGS=-mod=mod go build -o go-side . 2>log || { cat log; exit 1; }
seen=$(./go-side && node main.cjs && venv/bin/python main.py)

diff <(echo "$seen") - <<'SEEN' && echo "holds: evanphx/json-patch drops nulls out of lists that a merge patch replaces"
the patch: {"list":[{"a":null,"b":1},null]}
v5: {"list":[{"b":1},null]}
v4: {"list":[{"b":1},null]}
npm: {"list":[{"a":null,"b":1},null]}
PyPI: {"list":[{"a":null,"b":1},null]}
SEEN
