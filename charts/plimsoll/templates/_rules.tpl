{{/* What the features declare, with their reasons. Made by `npm run generate`. */}}

{{- define "plimsoll.rules.leader-election" }}
{{- if .own }}
# leader-election: to be the first holder of the lease; RBAC can't hold a creation to a name
- apiGroups: ["coordination.k8s.io"]
  resources: ["leases"]
  verbs: ["create"]
{{- end }}
{{- if .own }}
# leader-election: to see who holds the lease, and to acquire, renew and release it
- apiGroups: ["coordination.k8s.io"]
  resources: ["leases"]
  resourceNames: [{{ .lease | quote }}]
  verbs: ["list", "watch", "update"]
{{- end }}
{{- end }}

{{- define "plimsoll.rules.events" }}
{{- if .chosen }}
# events: tells of what happened to an object, where `kubectl describe` shows it, and how often
- apiGroups: ["events.k8s.io"]
  resources: ["events"]
  verbs: ["create", "patch"]
{{- end }}
{{- end }}

{{- define "plimsoll.rules.pipelines" }}
{{- if .chosen }}
# pipelines: to see which runs there are, and which are to be cancelled
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineruns"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# pipelines: to read a run that was listed when its turn comes: very many may have been
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineruns"]
  verbs: ["get"]
{{- end }}
{{- if .chosen }}
# pipelines: to delete a run whose time to live is over
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineruns"]
  verbs: ["delete"]
{{- end }}
{{- if .chosen }}
# pipelines: to say how far a run is
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineruns/status"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# pipelines: to read the pipeline that a run names
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelines"]
  verbs: ["get"]
{{- end }}
{{- if .chosen }}
# pipelines: to see that a try has ended or why it waits, and to read its outputs
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# pipelines: to run steps
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["create"]
{{- end }}
{{- if .chosen }}
# pipelines: to tell a pod of this run, made before a crash, from another of the same name, and one that is gone from one not yet seen
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["get"]
{{- end }}
{{- if .chosen }}
# pipelines: to end the steps of a run that is cancelled or has taken too long, and to clean up ended pods that are not kept
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["delete"]
{{- end }}
{{- if .chosen }}
# pipelines: to say of a run that a budget never lets its pods be evicted, so that their nodes can't be drained
- apiGroups: ["policy"]
  resources: ["poddisruptionbudgets"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# pipelines: to give a run its workspace
- apiGroups: [""]
  resources: ["persistentvolumeclaims"]
  verbs: ["create", "get"]
{{- end }}
{{- end }}

{{- define "plimsoll.rules.inventory" }}
{{- if .cluster }}
# inventory: to add up what there is for pods
- apiGroups: [""]
  resources: ["nodes"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# inventory: to add up what is asked for, by node, namespace, kind of workload and pipeline
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# inventory: to count a Deployment's pods as its own
- apiGroups: ["apps"]
  resources: ["replicasets"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# inventory: to count a CronJob's pods as its own
- apiGroups: ["batch"]
  resources: ["jobs"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# inventory: to count a run's pods for the pipeline that it names
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineruns"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# inventory: to add up what storage is asked for
- apiGroups: [""]
  resources: ["persistentvolumeclaims"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .cluster }}
# inventory: to add up what storage there is
- apiGroups: [""]
  resources: ["persistentvolumes"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# inventory: to count budgets that allow no disruption
- apiGroups: ["policy"]
  resources: ["poddisruptionbudgets"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# inventory: to count autoscalers that can go no further
- apiGroups: ["autoscaling"]
  resources: ["horizontalpodautoscalers"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .cluster }}
# inventory: to say what nodes use, where there is a metrics server
- apiGroups: ["metrics.k8s.io"]
  resources: ["nodes"]
  verbs: ["list"]
{{- end }}
{{- if .chosen }}
# inventory: to say what pods use, where there is a metrics server
- apiGroups: ["metrics.k8s.io"]
  resources: ["pods"]
  verbs: ["list"]
{{- end }}
{{- end }}

{{- define "plimsoll.rules.core" }}
{{- include "plimsoll.rules.leader-election" . }}
{{- include "plimsoll.rules.events" . }}
{{- end }}

{{- define "plimsoll.checkFeatures" }}
{{- if and .Values.namespaces (index .Values.features "inventory").enabled }}
{{- fail "features.inventory.enabled: works on the whole cluster, and `namespaces` holds the controller to some: leave `namespaces` out, or give the feature an installation of its own" }}
{{- end }}
{{- end }}
