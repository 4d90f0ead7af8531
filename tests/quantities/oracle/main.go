// Reads quantities and pods as JSON, and says what Kubernetes takes them for: what the scheduler keeps of a pod on a node
// (pkg/scheduler/framework/types.go), by the function that it uses.
package main

import (
	"encoding/json"
	"os"

	"gopkg.in/inf.v0"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	helpers "k8s.io/component-helpers/resource"
)

type quantity struct {
	// In units of 10⁻⁹; absent for what is no quantity.
	Nano  string `json:"nano,omitempty"`
	Milli int64  `json:"milli"`
	Value int64  `json:"value"`
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func read(text string) quantity {
	parsed, err := resource.ParseQuantity(text)
	if err != nil {
		return quantity{}
	}
	exact := parsed.DeepCopy()
	nano := new(inf.Dec).Mul(exact.AsDec(), inf.NewDec(1_000_000_000, 0))
	return quantity{new(inf.Dec).Round(nano, 0, inf.RoundExact).String(), parsed.MilliValue(), parsed.Value()}
}

func requests(pod *v1.Pod) map[string]int64 {
	found := map[string]int64{}
	list := helpers.PodRequests(pod, helpers.PodResourcesOptions{
		UseStatusResources: true,
		InPlacePodLevelResourcesVerticalScalingEnabled: true,
	})
	for name, amount := range list {
		if name == v1.ResourceCPU {
			found[string(name)] = amount.MilliValue()
		} else {
			found[string(name)] = amount.Value()
		}
	}
	return found
}

func main() {
	var asked struct {
		Quantities []string  `json:"quantities"`
		Pods       []*v1.Pod `json:"pods"`
	}
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	var answer struct {
		Quantities []quantity         `json:"quantities"`
		Pods       []map[string]int64 `json:"pods"`
	}
	for _, text := range asked.Quantities {
		answer.Quantities = append(answer.Quantities, read(text))
	}
	for _, pod := range asked.Pods {
		answer.Pods = append(answer.Pods, requests(pod))
	}
	must(json.NewEncoder(os.Stdout).Encode(answer))
}
