#!/usr/bin/env bash
# k8s.io/autoscaler/vertical-pod-autoscaler v1.8.1, the libraries of its admission controller and updater.
#
# A VerticalPodAutoscaler names a recommender of somebody's own, which recommends for two containers. One has a containerPolicy of mode Off, and one of
# controlledResources: [memory]. The admission controller sets CPU and memory of both, and to the updater the pod is out of range for the first: what
# mode and controlledResources say is kept to by VerticalPodAutoscaler's own recommender alone. minAllowed and maxAllowed are kept to by all three.
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

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/autoscaler/vertical-pod-autoscaler/pkg/admission-controller/resource/pod/recommendation"
	vpa "k8s.io/autoscaler/vertical-pod-autoscaler/pkg/apis/autoscaling.k8s.io/v1"
	"k8s.io/autoscaler/vertical-pod-autoscaler/pkg/updater/priority"
	"k8s.io/autoscaler/vertical-pod-autoscaler/pkg/utils/limitrange"
	utils "k8s.io/autoscaler/vertical-pod-autoscaler/pkg/utils/vpa"
)

func amounts(cpu, memory string) core.ResourceList {
	return core.ResourceList{"cpu": resource.MustParse(cpu), "memory": resource.MustParse(memory)}
}

func main() {
	off := vpa.ContainerScalingModeOff
	mode := vpa.UpdateModeRecreate
	memory := []core.ResourceName{"memory"}
	small := amounts("100m", "100Mi")
	recommended := func(name string) vpa.RecommendedContainerResources {
		return vpa.RecommendedContainerResources{ContainerName: name, Target: small, LowerBound: small, UpperBound: small}
	}
	autoscaler := &vpa.VerticalPodAutoscaler{
		Spec: vpa.VerticalPodAutoscalerSpec{
			UpdatePolicy: &vpa.PodUpdatePolicy{UpdateMode: &mode},
			Recommenders: []*vpa.VerticalPodAutoscalerRecommenderSelector{{Name: "mine"}},
			ResourcePolicy: &vpa.PodResourcePolicy{ContainerPolicies: []vpa.ContainerResourcePolicy{
				{ContainerName: "off", Mode: &off},
				{ContainerName: "memory", ControlledResources: &memory},
			}},
		},
		Status: vpa.VerticalPodAutoscalerStatus{Recommendation: &vpa.RecommendedPodResources{
			ContainerRecommendations: []vpa.RecommendedContainerResources{recommended("off"), recommended("memory")},
		}},
	}
	container := func(name string) core.Container {
		return core.Container{Name: name, Resources: core.ResourceRequirements{Requests: amounts("1", "1Gi")}}
	}
	pod := &core.Pod{Spec: core.PodSpec{Containers: []core.Container{container("off"), container("memory")}}}

	calculator := limitrange.NewNoopLimitsCalculator()
	capping := utils.NewCappingRecommendationProcessor(calculator)
	given, _, err := recommendation.NewProvider(calculator, capping).GetContainersResourcesForPod(pod, autoscaler)
	if err != nil {
		panic(err)
	}
	for i, one := range given {
		fmt.Println("the admission controller sets", pod.Spec.Containers[i].Name, one.Requests.Cpu(), one.Requests.Memory())
	}
	pod.Spec.Containers = pod.Spec.Containers[:1]
	processed, _, err := capping.Apply(autoscaler, pod)
	if err != nil {
		panic(err)
	}
	found := priority.NewProcessor().GetUpdatePriority(pod, autoscaler, processed)
	fmt.Println("to the updater, a pod of off alone is out of range:", found.OutsideRecommendedRange)
}
GO
GOFLAGS=-mod=mod go build -o go-side . 2>log || { cat log; exit 1; }

diff <(./go-side 2>/dev/null) - <<'SEEN' && echo "holds: mode Off and controlledResources bind VerticalPodAutoscaler's own recommender alone"
the admission controller sets off 100m 100Mi
the admission controller sets memory 100m 100Mi
to the updater, a pod of off alone is out of range: true
SEEN
