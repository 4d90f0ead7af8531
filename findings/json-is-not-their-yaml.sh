#!/usr/bin/env bash
# sigs.k8s.io/yaml 1.6.0 (Go), yaml 2.9.1 and js-yaml 5.5.0 (npm) and PyYAML 6.0.3 read JSON as YAML, of which it is said to be a part.
#
# Programs that write JSON escape what they needn't: PHP's json_encode each slash, Python's json.dumps each emoji, as two halves of UTF-16.
# Kubernetes' library refuses both (kubectl asks it only where a text doesn't look like JSON, as below a comment or in a stream of YAML);
# PyYAML reads the slash, and takes the halves for two characters, which no file in UTF-8 can hold. Those of npm read what JSON says.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
cd "$dir"
export GOPATH="$dir/go" GOFLAGS=-mod=mod

cat >texts.json <<'JSON'
["{\"a\": \"b\\/c\"}", "{\"a\": \"\\ud83d\\ude00\"}"]
JSON
cat >read.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	file, _ := os.ReadFile("texts.json")
	var texts []string
	if err := json.Unmarshal(file, &texts); err != nil {
		panic(err)
	}
	for _, text := range texts {
		if read, err := yaml.YAMLToJSON([]byte(text)); err != nil {
			fmt.Printf("sigs.k8s.io/yaml %s refused: %v\n", text, err)
		} else {
			fmt.Printf("sigs.k8s.io/yaml %s %s\n", text, read)
		}
	}
}
GO
cat >read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { parse } from "yaml";
for (const [name, read] of [["yaml", parse], ["js-yaml", load]])
  for (const text of JSON.parse(readFileSync("texts.json", "utf8")))
    console.log(name, text, JSON.stringify(read(text)) === JSON.stringify(JSON.parse(text)) ? "as JSON" : "otherwise");
JS
cat >read.py <<'PY'
import json, yaml
for text in json.load(open("texts.json")):
    read = yaml.safe_load(text)["a"]
    print("PyYAML", text, "as JSON" if read == json.loads(text)["a"] else "otherwise: " + str(len(read)) + " characters")
PY
go mod init probe 2>/dev/null
go get sigs.k8s.io/yaml@v1.6.0 2>/dev/null
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts js-yaml@5.5.0 yaml@2.9.1 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.3
seen=$(go run read.go && node read.mjs && venv/bin/python read.py)

diff <(echo "$seen") - <<'SEEN' && echo "holds: JSON with escaped slashes or emoji isn't YAML to sigs.k8s.io/yaml"
sigs.k8s.io/yaml {"a": "b\/c"} refused: yaml: found unknown escape character
sigs.k8s.io/yaml {"a": "\ud83d\ude00"} refused: yaml: found invalid Unicode character escape code
yaml {"a": "b\/c"} as JSON
yaml {"a": "\ud83d\ude00"} as JSON
js-yaml {"a": "b\/c"} as JSON
js-yaml {"a": "\ud83d\ude00"} as JSON
PyYAML {"a": "b\/c"} as JSON
PyYAML {"a": "\ud83d\ude00"} otherwise: 2 characters
SEEN
