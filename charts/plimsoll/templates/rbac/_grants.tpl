{{/* What a process may do: takes its Lease and features, which scopes are asked for (`cluster`, `chosen`, `own`), and the features' values (`settings`). Empty where that is nothing. */}}
{{- define "plimsoll.rules" }}
{{- include "plimsoll.rules.core" . }}
{{- range $feature := .features }}{{ include (printf "plimsoll.rules.%s" $feature) $ }}{{ end }}
{{- end }}

{{/* The roles of all processes, each with its account and its rules as text, as a list in JSON; one without a namespace is the cluster's. */}}
{{- define "plimsoll.grants" -}}
{{- $own := .Release.Namespace }}
{{- $chosen := .Values.namespaces }}
{{- $grants := list }}
{{- range $process := include "plimsoll.processes" . | fromJsonArray }}
{{- $grant := dict "account" $process.account "role" (include "plimsoll.clusterName" (list $process.name $)) }}
{{- with include "plimsoll.rules" (merge (dict "settings" $.Values.features "cluster" true "chosen" (empty $chosen) "own" false) $process) | trim }}
{{- $grants = append $grants (merge (dict "rules" .) $grant) }}
{{- end }}
{{- range $namespace := prepend $chosen $own | uniq }}
{{- with include "plimsoll.rules" (merge (dict "settings" $.Values.features "cluster" false "chosen" (has $namespace $chosen) "own" (eq $namespace $own)) $process) | trim }}
{{- $grants = append $grants (merge (dict "rules" . "namespace" $namespace) $grant) }}
{{- end }}
{{- end }}
{{- end }}
{{- toJson $grants }}
{{- end }}
