#!/usr/bin/env bash
# sigs.k8s.io/yaml v1.6.0, which kubectl and the API server write YAML with, read by yaml 2.9.1 (npm), and the other way round.
#
# A commit's or a digest's first digits may look like a number beyond all doubles: 123e4567. To Go that is no number, so it is
# written without quotes; yaml reads infinity, under YAML 1.2 and 1.1 alike, and JSON then says null.
# Back again: 1e2_0 is a string to yaml in both versions, so it is written without quotes; sigs.k8s.io/yaml reads 10^20.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >go.mod <<'MOD'
module finding
go 1.23
require sigs.k8s.io/yaml v1.6.0
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	if os.Args[1] == "write" {
		text, _ := yaml.Marshal(map[string]string{"commit": "123e4567"})
		fmt.Print(string(text))
		return
	}
	text, _ := io.ReadAll(os.Stdin)
	json, _ := yaml.YAMLToJSON(text)
	fmt.Println(string(json))
}
GO
cat >read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { parse } from "yaml";
const text = readFileSync(0, "utf8");
for (const version of ["1.2", "1.1"]) console.log(version, parse(text, { version }).commit, JSON.stringify(parse(text, { version })));
JS
cat >write.mjs <<'JS'
import { stringify } from "yaml";
process.stdout.write(stringify({ label: "1e2_0" }, { version: "1.1" }));
JS
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts yaml@2.9.1 >/dev/null
GOFLAGS=-mod=mod go build -o go-side . 2>log || { cat log; exit 1; }
seen=$(./go-side write && ./go-side write | node read.mjs && node write.mjs && node write.mjs | ./go-side read)

diff <(echo "$seen") - <<'SEEN' && echo "holds: between kubectl's YAML and npm's, strings of digits come out as numbers, either way"
commit: 123e4567
1.2 Infinity {"commit":null}
1.1 Infinity {"commit":null}
label: 1e2_0
{"label":100000000000000000000}
SEEN
