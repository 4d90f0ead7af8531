#!/usr/bin/env bash
# @bufbuild/cel 0.6.1 (npm) takes a bool for an index of a list.
#
# CEL's lists are asked by whole numbers; cel-go 0.26.0 has no such overload and refuses. Here false and true are 0 and 1, as in JavaScript,
# so that a comparison in the brackets picks an element. An index that is out of bounds is refused with bounds that no list has.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
mkdir "$dir/probe"
cd "$dir/probe"
export GOPATH="$dir/go" GOFLAGS=-mod=mod

cat >ask.mjs <<'JS'
import { celEnv, parse, plan } from "@bufbuild/cel";
for (const text of ["[3, 1, 2][1 < 2]", "[3, 1, 2][1 > 2]", "[3, 1, 2][5]"]) {
  const value = plan(celEnv(), parse(text))({});
  console.log(`${text} | ${value instanceof Error ? `refused: ${value.message}` : String(value)}`);
}
JS
cat >ask.go <<'GO'
package main

import (
	"fmt"

	"github.com/google/cel-go/cel"
)

func main() {
	env, err := cel.NewEnv()
	if err != nil {
		panic(err)
	}
	for _, text := range []string{"[3, 1, 2][1 < 2]", "[3, 1, 2][1 > 2]", "[3, 1, 2][5]"} {
		ast, issues := env.Parse(text)
		if issues.Err() != nil {
			panic(issues.Err())
		}
		program, err := env.Program(ast)
		if err != nil {
			panic(err)
		}
		if value, _, err := program.Eval(map[string]any{}); err != nil {
			fmt.Println(text, "| refused:", err)
		} else {
			fmt.Println(text, "|", value)
		}
	}
}
GO
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts @bufbuild/cel@0.6.1 >/dev/null
go mod init probe 2>/dev/null
go get github.com/google/cel-go@v0.26.0 2>/dev/null
go mod tidy 2>/dev/null
seen=$(echo "@bufbuild/cel" && node ask.mjs && echo "cel-go" && go run ask.go)

diff <(echo "$seen") - <<'SEEN' && echo "holds: a bool is an index of a list for @bufbuild/cel"
@bufbuild/cel
[3, 1, 2][1 < 2] | 1
[3, 1, 2][1 > 2] | 3
[3, 1, 2][5] | refused: index 5 out of bounds [0, -1)
cel-go
[3, 1, 2][1 < 2] | refused: unsupported index type 'bool' in list
[3, 1, 2][1 > 2] | refused: unsupported index type 'bool' in list
[3, 1, 2][5] | refused: index out of bounds: 5
SEEN
