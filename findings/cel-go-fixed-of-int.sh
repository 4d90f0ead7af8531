#!/usr/bin/env bash
# cel-go 0.26.0 (Go), which Kubernetes 1.36 is built with, formats whole numbers with a fixed number of decimals.
#
# Its checker passes "%.2f" over an int, as it would a double, and the result is a text, no error: Go's own word for a verb that doesn't fit
# the value. A message that is made so says "%!f(int64=05)" to the user. 0.28.1 converts the number. A double in the expression is safe with both.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
mkdir "$dir/probe"
cd "$dir/probe"
export GOPATH="$dir/go" GOFLAGS=-mod=mod

cat >format.go <<'GO'
package main

import (
	"fmt"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/ext"
)

func main() {
	env, err := cel.NewEnv(ext.Strings(), cel.Variable("replicas", cel.IntType))
	if err != nil {
		panic(err)
	}
	for _, text := range []string{`"%.2f".format([replicas])`, `"%e".format([replicas])`, `"%.2f".format([uint(replicas)])`, `"%.2f".format([double(replicas)])`, `"%d".format([double(replicas)])`} {
		ast, issues := env.Compile(text)
		if issues.Err() != nil {
			panic(issues.Err())
		}
		program, err := env.Program(ast)
		if err != nil {
			panic(err)
		}
		value, _, err := program.Eval(map[string]any{"replicas": 5})
		if err != nil {
			panic(err)
		}
		fmt.Println(text, "|", value)
	}
}
GO
go mod init probe 2>/dev/null
seen=$(for version in v0.26.0 v0.28.1; do
  go get github.com/google/cel-go@$version 2>/dev/null
  go mod tidy 2>/dev/null
  echo "$version"
  go run format.go
done)

diff <(echo "$seen") - <<'SEEN' && echo "holds: cel-go 0.26.0 formats an int as a fixed-point number by a word of Go's"
v0.26.0
"%.2f".format([replicas]) | %!f(int64=05)
"%e".format([replicas]) | %!e(int64=000005)
"%.2f".format([uint(replicas)]) | %!f(uint64=05)
"%.2f".format([double(replicas)]) | 5.00
"%d".format([double(replicas)]) | 5
v0.28.1
"%.2f".format([replicas]) | 5.00
"%e".format([replicas]) | 5.000000e+00
"%.2f".format([uint(replicas)]) | 5.00
"%.2f".format([double(replicas)]) | 5.00
"%d".format([double(replicas)]) | 5
SEEN
