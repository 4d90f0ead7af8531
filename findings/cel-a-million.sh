#!/usr/bin/env bash
# github.com/google/cel-go v0.26.1, @bufbuild/cel 0.6.1 (npm) and cel-python 0.5.0 (PyPI) on the text of a double.
#
# A number of JSON that no schema makes an integer is a double to CEL. string(1000000.0) is "1e+06" in cel-go, whose own
# "%s".format([1000000.0]) is "1000000": whoever makes a name, a tag or an argument of a number gets an exponent from seven
# digits on. It is "1000000" in @bufbuild/cel and "1000000.0" in cel-python.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >go.mod <<'MOD'
module finding
go 1.23
require github.com/google/cel-go v0.26.1
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/ext"
)

func main() {
	env, _ := cel.NewEnv(ext.Strings())
	for _, text := range []string{`string(999999.0)`, `string(1000000.0)`, `string(1234567.5)`, `"%s".format([1000000.0])`} {
		ast, _ := env.Compile(text)
		program, _ := env.Program(ast)
		value, _, _ := program.Eval(map[string]any{})
		fmt.Printf("cel-go %s: %v\n", text, value.Value())
	}
}
GO
cat >main.mjs <<'JS'
import { celEnv, parse, plan } from "@bufbuild/cel";
console.log("@bufbuild/cel string(1000000.0): " + plan(celEnv(), parse("string(1000000.0)"))({}));
JS
cat >main.py <<'PY'
import celpy
env = celpy.Environment()
print("cel-python string(1000000.0):", env.program(env.compile("string(1000000.0)")).evaluate({}))
PY
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts @bufbuild/cel@0.6.1 >/dev/null
python3 -m venv venv && venv/bin/pip install --quiet --disable-pip-version-check cel-python==0.5.0
GOFLAGS=-mod=mod go build -o go-side . 2>log || { cat log; exit 1; }
seen=$(./go-side && node main.mjs && venv/bin/python main.py)

diff <(echo "$seen") - <<'SEEN' && echo "holds: a million has three texts in three implementations of CEL, and two within cel-go"
cel-go string(999999.0): 999999
cel-go string(1000000.0): 1e+06
cel-go string(1234567.5): 1.2345675e+06
cel-go "%s".format([1000000.0]): 1000000
@bufbuild/cel string(1000000.0): 1000000
cel-python string(1000000.0): 1000000.0
SEEN
