#!/usr/bin/env bash
# k8s.io/apimachinery v0.34.1 against kubernetes-resource-parser 0.1.0 and k8s-resource-parser 0.2.2 (npm), on quantities
# as Kubernetes writes them.
#
# CPU in use is told in nanocores: 156340123n is less than a sixth of a core. To one parser that is 156 million cores, to the
# other no quantity. 0.1Mi of memory is written back as 104857600m, and 2000e3 as 2e6: the first parser reads NaN, and 2 bytes.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >go.mod <<'MOD'
module finding
go 1.24
require k8s.io/apimachinery v0.34.1
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"
)

func main() {
	for _, text := range []string{"0.156340123", "0.1Mi", "2000e3"} {
		quantity := resource.MustParse(text)
		fmt.Println("Kubernetes writes", text, "as", quantity.String(), "and means", quantity.AsApproximateFloat64())
	}
}
GO
cat >main.cjs <<'JS'
const { cpuParser, memoryParser } = require("kubernetes-resource-parser");
const { parseQuantity } = require("k8s-resource-parser");
const tried = (text) => {
  try {
    return parseQuantity(text);
  } catch ({ message }) {
    return message;
  }
};
console.log("kubernetes-resource-parser:", cpuParser("156340123n"), memoryParser("104857600m"), memoryParser("2e6"));
console.log("k8s-resource-parser:", tried("156340123n"), tried("104857600m"), tried("2e6"));
JS
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts kubernetes-resource-parser@0.1.0 k8s-resource-parser@0.2.2 >/dev/null
GOFLAGS=-mod=mod go build -o go-side . 2>log || { cat log; exit 1; }
seen=$(./go-side && node main.cjs)

diff <(echo "$seen") - <<'SEEN' && echo "holds: npm's parsers of quantities misread what Kubernetes itself writes"
Kubernetes writes 0.156340123 as 156340123n and means 0.156340123
Kubernetes writes 0.1Mi as 104857600m and means 104857.6
Kubernetes writes 2000e3 as 2e6 and means 2e+06
kubernetes-resource-parser: 156340123 NaN 2
k8s-resource-parser: Invalid quanity provided. 104857.6 2000000
SEEN
