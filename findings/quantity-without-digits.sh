#!/usr/bin/env bash
# k8s.io/apimachinery v0.36.3: a quantity without digits.
#
# By the grammar in the package's own comments a quantity is <signedNumber><suffix>, and a number has digits. ParseQuantity takes "m", "Gi" and
# "-" for 0, though not "". So a template with an empty value, as in `cpu: {{ .cpu }}m`, makes a pod that asks for nothing, and nothing says so.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >go.mod <<'MOD'
module finding
go 1.26
require k8s.io/apimachinery v0.36.3
MOD
cat >main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"
)

func main() {
	for _, text := range []string{"m", "Gi", "-", ".", "", "x"} {
		quantity, err := resource.ParseQuantity(text)
		fmt.Printf("ParseQuantity(%q): %s %v\n", text, quantity.String(), err != nil)
	}
	var requests map[string]resource.Quantity
	err := json.Unmarshal([]byte(`{"cpu": "m", "memory": "Mi"}`), &requests)
	cpu, memory := requests["cpu"], requests["memory"]
	fmt.Printf("cpu: m, memory: Mi: %s %s %v\n", cpu.String(), memory.String(), err)
}
GO
GOFLAGS=-mod=mod go run . >seen 2>errors || { cat errors; exit 1; }

cat >stated <<'STATED'
ParseQuantity("m"): 0 false
ParseQuantity("Gi"): 0 false
ParseQuantity("-"): 0 false
ParseQuantity("."): 0 false
ParseQuantity(""): 0 true
ParseQuantity("x"): 0 true
cpu: m, memory: Mi: 0 0 <nil>
STATED
diff seen stated
echo "holds: apimachinery 0.36.3 takes quantities without digits for 0"
