#!/usr/bin/env bash
# sigs.k8s.io/yaml 1.6.0 (Go), which kubectl, Helm and the API server read YAML with, reads a key that looks like a number with a point.
#
# JSON's keys are texts, so such a key has to become one. It is written with the precision of 32 bits, though its value as a value keeps
# all 64: a key of nine digits loses the last one, a million turns into 1e+06, and of two keys that differ in the eighth digit one is left,
# without an error. Whole numbers are kept. npm's yaml 2.9.1 writes what 64 bits hold.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
cd "$dir"
export GOPATH="$dir/go" GOFLAGS=-mod=mod

cat >read.go <<'GO'
package main

import (
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"
)

func main() {
	for _, text := range []string{"1.23456789: a", "v: 1.23456789", "1000000.0: a", "16777216.0: a\n16777217.0: a", "16777217: a"} {
		read, err := yaml.YAMLToJSON([]byte(text))
		if err != nil {
			read = []byte("refused")
		}
		fmt.Printf("%s | %s\n", strings.ReplaceAll(text, "\n", ", "), read)
	}
}
GO
cat >read.mjs <<'JS'
import { parse } from "yaml";
for (const text of ["1.23456789: a", "1000000.0: a", "16777216.0: a\n16777217.0: a"])
  console.log(`${text.replace("\n", ", ")} | ${JSON.stringify(parse(text))}`);
JS
go mod init probe 2>/dev/null
go get sigs.k8s.io/yaml@v1.6.0 2>/dev/null
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts yaml@2.9.1 >/dev/null
seen=$(echo "sigs.k8s.io/yaml" && go run read.go && echo yaml && node read.mjs)

diff <(echo "$seen") - <<'SEEN' && echo "holds: keys with a point are written with the precision of 32 bits"
sigs.k8s.io/yaml
1.23456789: a | {"1.2345679":"a"}
v: 1.23456789 | {"v":1.23456789}
1000000.0: a | {"1e+06":"a"}
16777216.0: a, 16777217.0: a | {"1.6777216e+07":"a"}
16777217: a | {"16777217":"a"}
yaml
1.23456789: a | {"1.23456789":"a"}
1000000.0: a | {"1000000":"a"}
16777216.0: a, 16777217.0: a | {"16777216":"a","16777217":"a"}
SEEN
