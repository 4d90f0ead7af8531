// What the recommender's library of VerticalPodAutoscaler makes of samples, as it is shipped. Reads lines from stdin; after each line ".", what was
// asked is written out. Each container of a workload has histograms of its own; each instance of it, as a pod, a window of memory.
//
//	sample CONTAINER INSTANCE MILLISECONDS MILLICORES BYTES
//	oom CONTAINER INSTANCE MILLISECONDS BYTES             killed for want of memory, with this request
//	estimate CONTAINER                                    answered by: target, lower and upper bound of CPU, and the same of memory
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender/config"
	"k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender/logic"
	"k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender/model"
)

type container struct {
	state     *model.AggregateContainerState
	instances map[string]*model.ContainerState
}

func main() {
	shipped := config.DefaultRecommenderConfig()
	model.InitializeAggregationsConfig(model.NewAggregationsConfig(shipped.MemoryAggregationInterval, shipped.MemoryAggregationIntervalCount,
		shipped.MemoryHistogramDecayHalfLife, shipped.CpuHistogramDecayHalfLife, shipped.OOMBumpUpRatio, shipped.OOMMinBumpUp))
	recommender := logic.CreatePodResourceRecommender(logic.RecommendationConfig{
		SafetyMarginFraction:       shipped.SafetyMarginFraction,
		PodMinCPUMillicores:        shipped.PodMinCPUMillicores,
		PodMinMemoryMb:             shipped.PodMinMemoryMb,
		TargetCPUPercentile:        shipped.TargetCPUPercentile,
		LowerBoundCPUPercentile:    shipped.LowerBoundCPUPercentile,
		UpperBoundCPUPercentile:    shipped.UpperBoundCPUPercentile,
		ConfidenceIntervalCPU:      shipped.ConfidenceIntervalCPU,
		TargetMemoryPercentile:     shipped.TargetMemoryPercentile,
		LowerBoundMemoryPercentile: shipped.LowerBoundMemoryPercentile,
		UpperBoundMemoryPercentile: shipped.UpperBoundMemoryPercentile,
		ConfidenceIntervalMemory:   shipped.ConfidenceIntervalMemory,
	})
	containers := map[string]*container{}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for in.Scan() {
		words := strings.Fields(in.Text())
		if words[0] == "." {
			fmt.Fprintln(out, ".")
			out.Flush()
			continue
		}
		known := containers[words[1]]
		if known == nil {
			known = &container{model.NewAggregateContainerState(), map[string]*model.ContainerState{}}
			containers[words[1]] = known
		}
		switch words[0] {
		case "sample":
			one, at := known.instance(words[2]), time.UnixMilli(whole(words[3])).UTC()
			one.AddSample(&model.ContainerUsageSample{MeasureStart: at, Usage: model.ResourceAmount(whole(words[4])), Resource: model.ResourceCPU})
			one.AddSample(&model.ContainerUsageSample{MeasureStart: at, Usage: model.ResourceAmount(whole(words[5])), Resource: model.ResourceMemory})
		case "oom":
			if err := known.instance(words[2]).RecordOOM(time.UnixMilli(whole(words[3])).UTC(), model.ResourceAmount(whole(words[4]))); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		case "estimate":
			of := recommender.GetRecommendedPodResources(model.ContainerNameToAggregateStateMap{"main": known.state})["main"]
			for _, resource := range []model.ResourceName{model.ResourceCPU, model.ResourceMemory} {
				fmt.Fprint(out, of.Target[resource], " ", of.LowerBound[resource], " ", of.UpperBound[resource], " ")
			}
			fmt.Fprintln(out)
		default:
			panic(words[0])
		}
	}
}

func (c *container) instance(name string) *model.ContainerState {
	known := c.instances[name]
	if known == nil {
		known = model.NewContainerState(model.Resources{}, c.state)
		c.instances[name] = known
	}
	return known
}

func whole(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return value
}
