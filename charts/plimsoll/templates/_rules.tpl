{{/* What the features declare, with their reasons. Made by `npm run generate`. */}}

{{- define "plimsoll.rules.leader-election" }}
{{- if .own }}
# leader-election: to be the first holder of the lease; a POST has no name that RBAC could hold it to
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
# pipelines: to have a Pipeline remember what the pods of its steps with resources.auto used, for the next run
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelines/status"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# pipelines: to see that a try has ended or why it waits, and to read its outputs
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# pipelines: to run steps, and to try, as a dry run, what comes late
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
{{- if .chosen }}
{{- range $kind := (index .settings "pipelines").kinds }}
# pipelines: features.pipelines.kinds: to see how what steps have made stands
- apiGroups: [{{ ternary (dir $kind.apiVersion) "" (contains "/" $kind.apiVersion) | quote }}]
  resources: [{{ $kind.resource | quote }}]
  verbs: ["list", "watch"]
# pipelines: features.pipelines.kinds: to make it, and to tell it from another's of the same name
- apiGroups: [{{ ternary (dir $kind.apiVersion) "" (contains "/" $kind.apiVersion) | quote }}]
  resources: [{{ $kind.resource | quote }}]
  verbs: ["get", "create"]
# pipelines: features.pipelines.kinds: to end it, and to delete what isn't kept
- apiGroups: [{{ ternary (dir $kind.apiVersion) "" (contains "/" $kind.apiVersion) | quote }}]
  resources: [{{ $kind.resource | quote }}]
  verbs: ["delete"]
{{- end }}
{{- end }}
{{- end }}

{{- define "plimsoll.rules.schedules" }}
{{- if .chosen }}
# schedules: to see which schedules there are, and when they are due
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineschedules"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# schedules: to read what the last leader wrote of a schedule, before anything is started for it
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineschedules"]
  verbs: ["get"]
{{- end }}
{{- if .chosen }}
# schedules: to say up to which time a schedule has been dealt with
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineschedules/status"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# schedules: to see which backfills there are, and which are to be cancelled
- apiGroups: ["plimsoll.dev"]
  resources: ["backfills"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# schedules: to read what the last leader wrote of a backfill, before anything is started for it
- apiGroups: ["plimsoll.dev"]
  resources: ["backfills"]
  verbs: ["get"]
{{- end }}
{{- if .chosen }}
# schedules: to say how far a backfill is
- apiGroups: ["plimsoll.dev"]
  resources: ["backfills/status"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# schedules: to see which runs of schedules go on, and how they have ended
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineruns"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# schedules: to tell a schedule's run, made before a crash, from another of the same name
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineruns"]
  verbs: ["get"]
{{- end }}
{{- if .chosen }}
# schedules: to start runs
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineruns"]
  verbs: ["create"]
{{- end }}
{{- if .chosen }}
# schedules: to cancel a run that another replaces, and those of a backfill that is cancelled
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineruns"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# schedules: to delete ended runs beyond those that a schedule keeps
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineruns"]
  verbs: ["delete"]
{{- end }}
{{- if .chosen }}
{{- range $kind := (index .settings "schedules").kinds }}
# schedules: features.schedules.kinds: to see which of a schedule's objects go on, and how they have ended
- apiGroups: [{{ ternary (dir $kind.apiVersion) "" (contains "/" $kind.apiVersion) | quote }}]
  resources: [{{ $kind.resource | quote }}]
  verbs: ["list", "watch"]
# schedules: features.schedules.kinds: to make them, and to tell one from another of the same name
- apiGroups: [{{ ternary (dir $kind.apiVersion) "" (contains "/" $kind.apiVersion) | quote }}]
  resources: [{{ $kind.resource | quote }}]
  verbs: ["get", "create"]
# schedules: features.schedules.kinds: to end one that another replaces, and to delete those that aren't kept
- apiGroups: [{{ ternary (dir $kind.apiVersion) "" (contains "/" $kind.apiVersion) | quote }}]
  resources: [{{ $kind.resource | quote }}]
  verbs: ["delete"]
{{- end }}
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

{{- define "plimsoll.rules.draining" }}
{{- if .cluster }}
# draining: to see which nodes are to be drained, and how
- apiGroups: ["plimsoll.dev"]
  resources: ["drains"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .cluster }}
# draining: to keep a Drain that is deleted until what it has cordoned is uncordoned, by a finalizer
- apiGroups: ["plimsoll.dev"]
  resources: ["drains"]
  verbs: ["patch"]
{{- end }}
{{- if .cluster }}
# draining: to say how far a Drain is
- apiGroups: ["plimsoll.dev"]
  resources: ["drains/status"]
  verbs: ["patch"]
{{- end }}
{{- if .cluster }}
# draining: to see which there are, which are cordoned, and where there is room
- apiGroups: [""]
  resources: ["nodes"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .cluster }}
# draining: to cordon a node, and to uncordon what it has cordoned
- apiGroups: [""]
  resources: ["nodes"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# draining: to see which are on a node, where there is room for them, and that they have gone
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# draining: to evict pods so that PodDisruptionBudgets can refuse it
- apiGroups: [""]
  resources: ["pods/eviction"]
  verbs: ["create"]
{{- end }}
{{- if .chosen }}
# draining: to delete pods that could not be evicted in time, where a Drain says onTimeout: delete
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["delete"]
{{- end }}
{{- if .chosen }}
# draining: to see how many pods may be evicted, and which never
- apiGroups: ["policy"]
  resources: ["poddisruptionbudgets"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# draining: to see which volumes a pod has
- apiGroups: [""]
  resources: ["persistentvolumeclaims"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .cluster }}
# draining: to see from which nodes a volume can be reached
- apiGroups: [""]
  resources: ["persistentvolumes"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# draining: to see when the time limit of a Job ends its pods, where a Drain says waitForJobs
- apiGroups: ["batch"]
  resources: ["jobs"]
  verbs: ["get"]
{{- end }}
{{- if .chosen }}
# draining: to see of which Deployment a pod is, where a Drain says surge
- apiGroups: ["apps"]
  resources: ["replicasets"]
  verbs: ["get"]
{{- end }}
{{- if .chosen }}
# draining: to leave a Deployment alone that one scales, where a Drain says surge
- apiGroups: ["autoscaling"]
  resources: ["horizontalpodautoscalers"]
  verbs: ["list"]
{{- end }}
{{- if .chosen }}
# draining: to give a Deployment one more replica while its pods move, where a Drain says surge
- apiGroups: ["apps"]
  resources: ["deployments/scale"]
  verbs: ["get", "patch"]
{{- end }}
{{- end }}

{{- define "plimsoll.rules.cleanup" }}
{{- if .cluster }}
# cleanup: to see which have been NotReady for long
- apiGroups: [""]
  resources: ["nodes"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .cluster }}
# cleanup: to delete one whose machine is gone
- apiGroups: [""]
  resources: ["nodes"]
  verbs: ["delete"]
{{- end }}
{{- end }}

{{- define "plimsoll.rules.csr" }}
{{- if .cluster }}
# csr: to see which requests wait, and which keys were certified
- apiGroups: ["certificates.k8s.io"]
  resources: ["certificatesigningrequests"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .cluster }}
# csr: to approve a request or, where configured, to deny it
- apiGroups: ["certificates.k8s.io"]
  resources: ["certificatesigningrequests/approval"]
  verbs: ["update"]
{{- end }}
{{- if .cluster }}
# csr: to approve kubelets' serving certificates, and their own client certificates
- apiGroups: ["certificates.k8s.io"]
  resources: ["signers"]
  resourceNames: ["kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet"]
  verbs: ["approve"]
{{- end }}
{{- if .cluster }}
# csr: to see which nodes there are, and which addresses are theirs
- apiGroups: [""]
  resources: ["nodes"]
  verbs: ["list", "watch"]
{{- end }}
{{- end }}

{{- define "plimsoll.rules.workloads" }}
{{- if .chosen }}
# workloads: to see which sets there are, and what they say
- apiGroups: ["plimsoll.dev"]
  resources: ["workloadsets"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# workloads: to read what the last leader wrote of a set, before anything is applied for it
- apiGroups: ["plimsoll.dev"]
  resources: ["workloadsets"]
  verbs: ["get"]
{{- end }}
{{- if .chosen }}
# workloads: to say which objects a set has, and how they stand
- apiGroups: ["plimsoll.dev"]
  resources: ["workloadsets/status"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# workloads: to read manifests from those with the label plimsoll.dev/workload-source
- apiGroups: [""]
  resources: ["configmaps"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
{{- range $kind := (index .settings "workloads").kinds }}
# workloads: features.workloads.kinds: to see whether the objects of sets are as they should be
- apiGroups: [{{ ternary (dir $kind.apiVersion) "" (contains "/" $kind.apiVersion) | quote }}]
  resources: [{{ $kind.resource | quote }}]
  verbs: ["list", "watch"]
# workloads: features.workloads.kinds: to see whether one was applied before a crash, where nothing says so
- apiGroups: [{{ ternary (dir $kind.apiVersion) "" (contains "/" $kind.apiVersion) | quote }}]
  resources: [{{ $kind.resource | quote }}]
  verbs: ["get"]
# workloads: features.workloads.kinds: to apply them; what isn't there yet is made
- apiGroups: [{{ ternary (dir $kind.apiVersion) "" (contains "/" $kind.apiVersion) | quote }}]
  resources: [{{ $kind.resource | quote }}]
  verbs: ["create", "patch"]
# workloads: features.workloads.kinds: to delete what a set no longer lists, and what is to be replaced
- apiGroups: [{{ ternary (dir $kind.apiVersion) "" (contains "/" $kind.apiVersion) | quote }}]
  resources: [{{ $kind.resource | quote }}]
  verbs: ["delete"]
{{- end }}
{{- end }}
{{- end }}

{{- define "plimsoll.rules.spark" }}
{{- if .chosen }}
# spark: to see which applications are to be run
- apiGroups: ["sparkoperator.k8s.io"]
  resources: ["sparkapplications"]
  verbs: ["list", "watch"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to read what the last leader wrote of an application, before a driver is made for it
- apiGroups: ["sparkoperator.k8s.io"]
  resources: ["sparkapplications"]
  verbs: ["get"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to say how an application stands, as the Spark operator does
- apiGroups: ["sparkoperator.k8s.io"]
  resources: ["sparkapplications/status"]
  verbs: ["patch"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to run what a ScheduledSparkApplication says
- apiGroups: ["sparkoperator.k8s.io"]
  resources: ["sparkapplications"]
  verbs: ["create"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to delete applications whose timeToLiveSeconds is over, and those that a schedule doesn't keep
- apiGroups: ["sparkoperator.k8s.io"]
  resources: ["sparkapplications"]
  verbs: ["delete"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to see what is to be run when
- apiGroups: ["sparkoperator.k8s.io"]
  resources: ["scheduledsparkapplications"]
  verbs: ["list", "watch"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to read what the last leader wrote of a schedule, before anything is started for it
- apiGroups: ["sparkoperator.k8s.io"]
  resources: ["scheduledsparkapplications"]
  verbs: ["get"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to say what was run, and what comes next
- apiGroups: ["sparkoperator.k8s.io"]
  resources: ["scheduledsparkapplications/status"]
  verbs: ["patch"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to see how drivers and executors stand
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["list", "watch"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to know whether a driver that isn't seen is gone, and whose a pod of its name is
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["get"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to make drivers
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["create"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to end what an application that is changed, suspended or over has left
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["delete"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to make the address of a driver
- apiGroups: [""]
  resources: ["services"]
  verbs: ["create"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") }}
# spark: to give a driver its properties, and the template of its executors
- apiGroups: [""]
  resources: ["configmaps"]
  verbs: ["create"]
{{- end }}
{{- if and .chosen (ne (index .settings "spark").mode "operator") (ne (index .settings "spark").networkPolicy false) }}
# spark: to keep executors from others' reach
- apiGroups: ["networking.k8s.io"]
  resources: ["networkpolicies"]
  verbs: ["create"]
{{- end }}
{{- end }}

{{- define "plimsoll.rules.rightsizing" }}
{{- if .chosen }}
# rightsizing: to see which policies there are, and where their recommendations stood
- apiGroups: ["plimsoll.dev"]
  resources: ["rightsizingpolicies"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# rightsizing: to say what is recommended, and what it is made of
- apiGroups: ["plimsoll.dev"]
  resources: ["rightsizingpolicies/status"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# rightsizing: to see what containers use
- apiGroups: ["metrics.k8s.io"]
  resources: ["pods"]
  verbs: ["list"]
{{- end }}
{{- if .chosen }}
# rightsizing: to see what containers ask for, and which were killed for want of memory
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# rightsizing: to count a Deployment's pods as its own
- apiGroups: ["apps"]
  resources: ["replicasets"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# rightsizing: to count a CronJob's pods as its own
- apiGroups: ["batch"]
  resources: ["jobs"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# rightsizing: to count the pods of a pipeline's runs as its own
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineruns"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# rightsizing: to say of which workloads requests are scaled by, so that they aren't changed
- apiGroups: ["autoscaling"]
  resources: ["horizontalpodautoscalers"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# rightsizing: to say of which workloads somebody else changes requests, where VerticalPodAutoscaler is installed
- apiGroups: ["autoscaling.k8s.io"]
  resources: ["verticalpodautoscalers"]
  verbs: ["list", "watch"]
{{- end }}
{{- end }}

{{- define "plimsoll.rules.resizing" }}
{{- if .chosen }}
# resizing: to see what is recommended, and how it is to be applied
- apiGroups: ["plimsoll.dev"]
  resources: ["rightsizingpolicies"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# resizing: to say what is changed before it is, and whether it did harm
- apiGroups: ["plimsoll.dev"]
  resources: ["rightsizingpolicies/status"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# resizing: to see what pods ask for, and whether they crash, or are killed, by it
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# resizing: to change what a pod asks for without a restart
- apiGroups: [""]
  resources: ["pods/resize"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# resizing: to count a Deployment's pods as its own
- apiGroups: ["apps"]
  resources: ["replicasets"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# resizing: to count a CronJob's pods as its own
- apiGroups: ["batch"]
  resources: ["jobs"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# resizing: to count the pods of a pipeline's runs as its own
- apiGroups: ["plimsoll.dev"]
  resources: ["pipelineruns"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# resizing: to see what a Deployment's template asks for, and how its roll-out stands
- apiGroups: ["apps"]
  resources: ["deployments"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# resizing: to change what a Deployment's template asks for, where a policy says recreate
- apiGroups: ["apps"]
  resources: ["deployments"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# resizing: to see what a StatefulSet's template asks for, and how its roll-out stands
- apiGroups: ["apps"]
  resources: ["statefulsets"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# resizing: to change what a StatefulSet's template asks for, where a policy says recreate
- apiGroups: ["apps"]
  resources: ["statefulsets"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# resizing: to see what a DaemonSet's template asks for, and how its roll-out stands
- apiGroups: ["apps"]
  resources: ["daemonsets"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# resizing: to change what a DaemonSet's template asks for, where a policy says recreate
- apiGroups: ["apps"]
  resources: ["daemonsets"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# resizing: to see what a CronJob's template asks for
- apiGroups: ["batch"]
  resources: ["cronjobs"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# resizing: to change what a CronJob's next pods ask for
- apiGroups: ["batch"]
  resources: ["cronjobs"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# resizing: to replace pods only while one may be missing
- apiGroups: ["policy"]
  resources: ["poddisruptionbudgets"]
  verbs: ["list", "watch"]
{{- end }}
{{- end }}

{{- define "plimsoll.rules.vpa" }}
{{- if .chosen }}
# vpa: to see what is recommended, and for what VerticalPodAutoscalers are wanted
- apiGroups: ["plimsoll.dev"]
  resources: ["rightsizingpolicies"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# vpa: to see which there are, and which name plimsoll as their recommender
- apiGroups: ["autoscaling.k8s.io"]
  resources: ["verticalpodautoscalers"]
  verbs: ["list", "watch"]
{{- end }}
{{- if .chosen }}
# vpa: to make those that policies want
- apiGroups: ["autoscaling.k8s.io"]
  resources: ["verticalpodautoscalers"]
  verbs: ["create"]
{{- end }}
{{- if .chosen }}
# vpa: to have those that were made say what their policies do
- apiGroups: ["autoscaling.k8s.io"]
  resources: ["verticalpodautoscalers"]
  verbs: ["patch"]
{{- end }}
{{- if .chosen }}
# vpa: to delete those that were made and that no policy wants any more
- apiGroups: ["autoscaling.k8s.io"]
  resources: ["verticalpodautoscalers"]
  verbs: ["delete"]
{{- end }}
{{- if .chosen }}
# vpa: to say in them what is recommended, or why nothing is
- apiGroups: ["autoscaling.k8s.io"]
  resources: ["verticalpodautoscalers/status"]
  verbs: ["patch"]
{{- end }}
{{- end }}

{{- define "plimsoll.rules.core" }}
{{- include "plimsoll.rules.leader-election" . }}
{{- include "plimsoll.rules.events" . }}
{{- end }}

{{/* The features that record no events, as a list in JSON. Takes the features' values. */}}
{{- define "plimsoll.silentFeatures" -}}
{{- $silent := list "inventory" }}
{{- if or (eq (index . "spark").mode "operator") }}{{ $silent = append $silent "spark" }}{{ end }}
{{- toJson $silent }}
{{- end }}

{{- define "plimsoll.checkFeatures" }}
{{- with index .Values.features "workloads" }}
{{- if and .enabled (empty .namespaces) (empty $.Values.namespaces) }}
{{- fail "features.workloads.namespaces: is missing: name the namespaces in which it may write, or give [\"*\"] for all" }}
{{- end }}
{{- range $namespace := .namespaces }}
{{- if and (index $.Values.features "workloads").enabled $.Values.namespaces (ne $namespace "*") (not (has $namespace $.Values.namespaces)) }}
{{- fail (printf "features.workloads.namespaces: %q isn't one of `namespaces`: add it there" $namespace) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and .Values.namespaces (index .Values.features "inventory").enabled }}
{{- fail "features.inventory.enabled: works on the whole cluster, and `namespaces` holds the controller to some: leave `namespaces` out, or give the feature an installation of its own" }}
{{- end }}
{{- if and .Values.namespaces (index .Values.features "draining").enabled }}
{{- fail "features.draining.enabled: works on the whole cluster, and `namespaces` holds the controller to some: leave `namespaces` out, or give the feature an installation of its own" }}
{{- end }}
{{- if and .Values.namespaces (index .Values.features "cleanup").enabled }}
{{- fail "features.cleanup.enabled: works on the whole cluster, and `namespaces` holds the controller to some: leave `namespaces` out, or give the feature an installation of its own" }}
{{- end }}
{{- if and .Values.namespaces (index .Values.features "csr").enabled }}
{{- fail "features.csr.enabled: works on the whole cluster, and `namespaces` holds the controller to some: leave `namespaces` out, or give the feature an installation of its own" }}
{{- end }}
{{- end }}
