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

{{- define "plimsoll.rules.core" }}
{{- include "plimsoll.rules.leader-election" . }}
{{- include "plimsoll.rules.events" . }}
{{- end }}

{{- define "plimsoll.checkFeatures" }}
{{- end }}
