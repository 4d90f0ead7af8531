#!/usr/bin/env bash
# Kubernetes' CEL (k8s.io/apiserver 0.36.3 with cel-go 0.26.0, Go), which rules of custom resources and admission policies are written in.
#
# quantity("1000m") equals quantity("1"), but only of one of them isInteger() is true, and asInteger() of the other is an error: it goes by how
# the quantity is written, not by what it is. A rule that asks for whole CPUs, or for bytes, refuses 1000m and 1.5Gi. And of what isURL() says
# that it is one, url() may make none.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
mkdir "$dir/probe"
cd "$dir/probe"
export GOPATH="$dir/go" GOFLAGS=-mod=mod

cat >ask.go <<'GO'
package main

import (
	"fmt"

	"github.com/google/cel-go/cel"
	"k8s.io/apiserver/pkg/cel/library"
)

func main() {
	env, err := cel.NewEnv(library.Quantity(), library.URLs())
	if err != nil {
		panic(err)
	}
	for _, text := range []string{
		`quantity("1000m").compareTo(quantity("1")) == 0`,
		`quantity("1").isInteger()`,
		`quantity("1000m").isInteger()`,
		`quantity("1000m").asInteger()`,
		`quantity("1536Mi").isInteger()`,
		`quantity("1.5Gi").isInteger()`,
		`isURL("//a b/c")`,
		`url("//a b/c").getHost()`,
	} {
		ast, issues := env.Compile(text)
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
go mod init probe 2>/dev/null
go get k8s.io/apiserver@v0.36.3 github.com/google/cel-go@v0.26.0 2>/dev/null
go mod tidy 2>/dev/null
seen=$(go run ask.go)

diff <(echo "$seen") - <<'SEEN' && echo "holds: whether a quantity is whole is asked of how it is written"
quantity("1000m").compareTo(quantity("1")) == 0 | true
quantity("1").isInteger() | true
quantity("1000m").isInteger() | false
quantity("1000m").asInteger() | refused: cannot convert value to integer
quantity("1536Mi").isInteger() | true
quantity("1.5Gi").isInteger() | false
isURL("//a b/c") | true
url("//a b/c").getHost() | refused: URL parse error during conversion from string: parse "//a b/c": invalid character " " in host name
SEEN
