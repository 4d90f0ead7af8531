#!/usr/bin/env bash
# k8s.io/autoscaler/vertical-pod-autoscaler v1.8.1, its recommender's library.
#
# A container requests 1 GB, without a limit, and uses 0.9 GB, then 1.15 GB, and is killed for want of memory: 1.64 GB are recommended. The same, with
# one kill more before it used 1.15 GB: 1.39 GB. What the first kill is taken to need, 1.2 GB, hides that 1.15 GB were used after it, and the second
# is reckoned from the request alone.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >go.mod <<'MOD'
module finding
go 1.26.0
require k8s.io/autoscaler/vertical-pod-autoscaler v1.8.1
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"
	"time"

	"k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender/logic"
	"k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender/model"
)

func main() {
	for _, kills := range []int{1, 2} {
		state := model.NewAggregateContainerState()
		container := model.NewContainerState(model.Resources{}, state)
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		use := func(minute int, bytes model.ResourceAmount) {
			container.AddSample(&model.ContainerUsageSample{MeasureStart: start.Add(time.Duration(minute) * time.Minute), Usage: bytes, Resource: model.ResourceMemory})
		}
		kill := func(minute int) {
			if err := container.RecordOOM(start.Add(time.Duration(minute)*time.Minute), 1_000_000_000); err != nil {
				panic(err)
			}
		}
		use(1, 900_000_000)
		if kills == 2 {
			kill(2)
		}
		use(3, 1_150_000_000)
		kill(4)
		recommended := logic.WithMemoryMargin(0.15, logic.NewPercentileMemoryEstimator(0.9)).GetMemoryEstimation(state)
		fmt.Println(kills, "kills:", recommended)
	}
}
GO
GOFLAGS=-mod=mod go build -o go-side . 2>log || { cat log; exit 1; }

diff <(./go-side) - <<'SEEN' && echo "holds: one OOM kill more makes VerticalPodAutoscaler recommend less memory"
1 kills: 1644423393
2 kills: 1389197403
SEEN
