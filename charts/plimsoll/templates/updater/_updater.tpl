{{/* The names of the updater's objects in a namespace, of its ServiceAccount, and of those without a namespace: as JSON. */}}
{{- define "plimsoll.updater.names" -}}
{{- $name := "plimsoll-updater" }}
{{- toJson (dict "name" $name "account" (printf "%s-updater" (.Values.serviceAccount.name | default "plimsoll")) "role" (include "plimsoll.clusterName" (list $name .))) }}
{{- end }}

{{/* The namespaces in which there are objects of the release, its own first: as a list in JSON. */}}
{{- define "plimsoll.updater.namespaces" -}}
{{- $namespaces := prepend .Values.namespaces .Release.Namespace }}
{{- range $grant := include "plimsoll.grants" . | fromJsonArray }}
{{- with $grant.namespace }}{{ $namespaces = append $namespaces . }}{{ end }}
{{- end }}
{{- $namespaces | uniq | toJson }}
{{- end }}

{{/* How the API server calls what is of a kind: takes that. */}}
{{- define "plimsoll.updater.plural" -}}
{{- $kind := lower . -}}
{{- if hasSuffix "y" $kind }}{{ trimSuffix "y" $kind }}ies{{ else }}{{ $kind }}s{{ end }}
{{- end }}

{{/*
Every object of the release, as the chart's other templates render it, with the updater's own and what the last update dropped:
as a list in JSON of group, resource, name and namespace (empty: none).
*/}}
{{- define "plimsoll.updater.objects" -}}
{{- $names := include "plimsoll.updater.names" . | fromJson }}
{{- $objects := list }}
{{- $files := list "crds.yaml" "configmaps.yaml" "deployments.yaml" "networkpolicy.yaml" "poddisruptionbudgets.yaml" }}
{{- $files = concat $files (list "rbac/serviceaccounts.yaml" "rbac/roles.yaml" "rbac/extensions.yaml" "rbac/big-data.yaml" "rbac/user-roles.yaml" "rbac/admissionpolicy.yaml" "rbac/workload-policies.yaml") }}
{{- $files = concat $files (list "monitoring/service.yaml" "monitoring/servicemonitor.yaml" "monitoring/prometheusrule.yaml" "monitoring/dashboard.yaml") }}
{{- $files = concat $files (list "updater/configmap.yaml" "updater/cronjob.yaml") }}
{{- range $file := $files }}
{{- range $text := regexSplit "(?m)^---\\s*$" (include (print $.Template.BasePath "/" $file) $) -1 }}
{{- with fromYaml $text }}
{{- if .kind }}{{ $objects = append $objects (dict "apiVersion" .apiVersion "kind" .kind "name" .metadata.name "namespace" .metadata.namespace) }}{{ end }}
{{- end }}
{{- end }}
{{- end }}
{{- if .Values.serviceAccount.create }}
{{- $objects = append $objects (dict "apiVersion" "v1" "kind" "ServiceAccount" "name" $names.account "namespace" .Release.Namespace) }}
{{- end }}
{{- $rbac := "rbac.authorization.k8s.io/v1" }}
{{- range $kind := list "ClusterRole" "ClusterRoleBinding" }}
{{- $objects = append $objects (dict "apiVersion" $rbac "kind" $kind "name" $names.role) }}
{{- end }}
{{- range $namespace := include "plimsoll.updater.namespaces" . | fromJsonArray }}
{{- range $kind := list "Role" "RoleBinding" }}
{{- $objects = append $objects (dict "apiVersion" $rbac "kind" $kind "name" $names.role "namespace" $namespace) }}
{{- end }}
{{- end }}
{{- $found := list }}
{{- range $object := concat $objects .Values.autoUpdate.dropped }}
{{- $group := ternary (dir $object.apiVersion) "" (contains "/" $object.apiVersion) }}
{{- $found = append $found (dict "group" $group "resource" (include "plimsoll.updater.plural" $object.kind) "name" $object.name "namespace" ($object.namespace | default "")) }}
{{- end }}
{{- toJson $found }}
{{- end }}

{{/*
The rules for Helm's work on the objects of the release in one namespace (empty: those without one): takes the chart (`root`), all
objects (`objects`) and the namespace. Whatever it may do is held to their names.
*/}}
{{- define "plimsoll.updater.rules" -}}
{{- $byResource := dict }}
{{- range $object := .objects }}
{{- if eq $object.namespace $.namespace }}
{{- $key := printf "%s/%s" $object.group $object.resource }}
{{- $_ := set $byResource $key (append (get $byResource $key | default list) $object.name) }}
{{- end }}
{{- end }}
{{- range $key, $names := $byResource }}
{{- $group := regexReplaceAll "/[^/]*$" $key "" }}
{{- $resource := base $key }}
# Helm reads and applies each object of the release, changed or not; it brings back what somebody has deleted
{{- if eq $resource "customresourcedefinitions" }}. A kind is never deleted: that would delete all that is of it
{{- else }}, and deletes what a release drops
{{- end }}
- apiGroups: [{{ $group | quote }}]
  resources: [{{ $resource | quote }}]
  resourceNames: {{ $names | uniq | sortAlpha | toJson }}
  verbs: {{ ternary (list "get" "patch" "create") (list "get" "patch" "create" "delete") (eq $resource "customresourcedefinitions") | toJson }}
{{- if and $.root.Values.autoUpdate.escalate (has $resource (list "roles" "clusterroles")) }}
# autoUpdate.escalate: a new release may give its roles rights that the updater lacks, and bind them
- apiGroups: [{{ $group | quote }}]
  resources: [{{ $resource | quote }}]
  resourceNames: {{ $names | uniq | sortAlpha | toJson }}
  verbs: ["escalate", "bind"]
{{- end }}
{{ end }}
{{- end }}

{{/*
The rules for what the updater itself does in its namespace, as it declares them in packages/updater/src/permissions.ts: takes the
chart (`root`) and all objects (`objects`).
*/}}
{{- define "plimsoll.updater.ownRules" -}}
{{- $deployments := list }}
{{- $leases := list }}
{{- range $object := .objects }}
{{- if eq $object.resource "deployments" }}{{ $deployments = append $deployments $object.name }}{{ end }}
{{- end }}
{{- range $process := include "plimsoll.processes" .root | fromJsonArray }}
{{- $leases = append $leases $process.lease }}
{{- end -}}
# Helm keeps each revision of the release in a Secret of its own, whose name has a number in it: no list of names can hold it.
# The updater reads in them which there are
- apiGroups: [""]
  resources: ["secrets"]
  verbs: ["list", "get", "create", "update", "delete"]
# to remember what was begun and what has failed
- apiGroups: [""]
  resources: ["configmaps"]
  resourceNames: ["plimsoll-updater-state"]
  verbs: ["get", "patch", "create"]
{{- if $deployments }}
# to say there what came of the last look
- apiGroups: ["apps"]
  resources: ["deployments/status"]
  resourceNames: {{ $deployments | uniq | sortAlpha | toJson }}
  verbs: ["patch"]
{{- end }}
{{- if $leases }}
# to see that a pod of the new release leads
- apiGroups: ["coordination.k8s.io"]
  resources: ["leases"]
  resourceNames: {{ toJson $leases }}
  verbs: ["get"]
{{- end }}
# to see whether the pods of a release are ready, and of which image they are
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["list"]
# to know when the window for changes opened
- apiGroups: ["batch"]
  resources: ["jobs"]
  verbs: ["get"]
# never two at once: to be the first holder of the lease; a POST has no name that RBAC could hold it to
- apiGroups: ["coordination.k8s.io"]
  resources: ["leases"]
  verbs: ["create"]
# to see who holds the lease, and to acquire, renew and release it
- apiGroups: ["coordination.k8s.io"]
  resources: ["leases"]
  resourceNames: ["plimsoll-updater"]
  verbs: ["list", "watch", "update"]
# to tell of what happened, where `kubectl describe` shows it, and how often
- apiGroups: ["events.k8s.io"]
  resources: ["events"]
  verbs: ["create", "patch"]
{{- end }}
