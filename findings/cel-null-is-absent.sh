#!/usr/bin/env bash
# @bufbuild/cel 0.6.1 (npm) against github.com/google/cel-go v0.26.1, which Kubernetes uses, and cel-python 0.5.0 (PyPI).
#
# A map with a key whose value is null has that key: so says CEL's definition of has() and of `in`, and so do cel-go and
# cel-python. @bufbuild/cel answers false to both, though it counts the key in size(), iterates over it and reads its value.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >expressions <<'CEL'
has({"a": null}.a)
"a" in {"a": null}
{"a": null}.exists(key, key == "a")
size({"a": null}) == 1
{"a": null}["a"] == null
CEL
cat >go.mod <<'MOD'
module finding
go 1.23
require github.com/google/cel-go v0.26.1
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/google/cel-go/cel"
)

func main() {
	text, _ := os.ReadFile("expressions")
	env, _ := cel.NewEnv()
	fmt.Print("cel-go:")
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		ast, _ := env.Compile(line)
		program, _ := env.Program(ast)
		value, _, _ := program.Eval(map[string]any{})
		fmt.Print(" ", value.Value())
	}
	fmt.Println()
}
GO
cat >main.mjs <<'JS'
import { readFileSync } from "node:fs";
import { celEnv, parse, plan } from "@bufbuild/cel";
const lines = readFileSync("expressions", "utf8").trim().split("\n");
console.log("@bufbuild/cel:", ...lines.map((line) => plan(celEnv(), parse(line))({})));
JS
cat >main.py <<'PY'
import celpy
env = celpy.Environment()
values = [env.program(env.compile(line)).evaluate({}) for line in open("expressions")]
print("cel-python:", *("true" if value else "false" for value in values))
PY
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts @bufbuild/cel@0.6.1 >/dev/null
python3 -m venv venv && venv/bin/pip install --quiet --disable-pip-version-check cel-python==0.5.0
GOFLAGS=-mod=mod go build -o go-side . 2>log || { cat log; exit 1; }
seen=$(./go-side && node main.mjs && venv/bin/python main.py)

diff <(echo "$seen") - <<'SEEN' && echo "holds: to @bufbuild/cel a key whose value is null isn't there"
cel-go: true true true true true
@bufbuild/cel: false false true true true
cel-python: true true true true true
SEEN
