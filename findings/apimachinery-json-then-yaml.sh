#!/usr/bin/env bash
# k8s.io/apimachinery (Go), whose decoder kubectl, Helm and the API server's clients read files with, at 0.32.0 and 0.34.0.
#
# A text that begins with a brace was JSON to the end, up to 0.32: YAML in its flow style was refused, and so was a stream whose first
# document is JSON and whose second is set off by a line of dashes, though the same two the other way round were read. 0.34 reads them all. So
# a file that one release of kubectl takes is refused by another; a line of dashes before the first brace, or one comment, makes it YAML to both.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
mkdir "$dir/probe"
cd "$dir/probe"
export GOPATH="$dir/go" GOFLAGS=-mod=mod

cat >read.go <<'GO'
package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"k8s.io/apimachinery/pkg/util/yaml"
)

func read(text string) string {
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), 4096)
	seen := []string{}
	for {
		var value any
		if err := decoder.Decode(&value); errors.Is(err, io.EOF) {
			return strings.Join(seen, ", ")
		} else if err != nil {
			return strings.Join(append(seen, "refused"), ", ")
		}
		seen = append(seen, fmt.Sprint(value))
	}
}

func main() {
	for _, text := range []string{
		"{kind: Pod}",
		"# a word\n{kind: Pod}",
		"{\"kind\": \"Pod\"}\n---\nkind: Job",
		"---\n{\"kind\": \"Pod\"}\n---\nkind: Job",
		"kind: Job\n---\n{\"kind\": \"Pod\"}",
	} {
		fmt.Printf("%q | %s\n", text, read(text))
	}
}
GO
go mod init probe 2>/dev/null
seen=$(for version in v0.32.0 v0.34.0; do
  go get k8s.io/apimachinery@$version 2>/dev/null
  go mod tidy 2>/dev/null
  echo "$version"
  go run read.go
done)

diff <(echo "$seen") - <<'SEEN' && echo "holds: what begins with a brace is JSON to the end for apimachinery 0.32, and YAML too for 0.34"
v0.32.0
"{kind: Pod}" | refused
"# a word\n{kind: Pod}" | map[kind:Pod]
"{\"kind\": \"Pod\"}\n---\nkind: Job" | map[kind:Pod], refused
"---\n{\"kind\": \"Pod\"}\n---\nkind: Job" | map[kind:Pod], map[kind:Job]
"kind: Job\n---\n{\"kind\": \"Pod\"}" | map[kind:Job], map[kind:Pod]
v0.34.0
"{kind: Pod}" | map[kind:Pod]
"# a word\n{kind: Pod}" | map[kind:Pod]
"{\"kind\": \"Pod\"}\n---\nkind: Job" | map[kind:Pod], map[kind:Job]
"---\n{\"kind\": \"Pod\"}\n---\nkind: Job" | map[kind:Pod], map[kind:Job]
"kind: Job\n---\n{\"kind\": \"Pod\"}" | map[kind:Job], map[kind:Pod]
SEEN
