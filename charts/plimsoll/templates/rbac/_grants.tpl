{{/* What a process may do: takes its Lease and features, which scopes are asked for (`cluster`, `own`), whether the chosen namespaces are for the events that a process records (`core`) and for each feature (`places`), and the features' values (`settings`). Empty where that is nothing. */}}
{{- define "plimsoll.rules" }}
{{- include "plimsoll.rules.core" (merge (dict "chosen" .core) .) }}
{{- range $feature := .features }}{{ include (printf "plimsoll.rules.%s" $feature) (merge (dict "chosen" (get $.places $feature)) $) }}{{ end }}
{{- end }}

{{/* The namespaces that a feature works in, as a list in JSON; empty: all. Takes a list of its name and the chart. */}}
{{- define "plimsoll.featureNamespaces" -}}
{{- $section := index (index . 1).Values.features (index . 0) }}
{{- $own := get $section "namespaces" | default list }}
{{- if or (empty $own) (has "*" $own) }}{{ $own = (index . 1).Values.namespaces }}{{ end }}
{{- toJson $own }}
{{- end }}

{{/* The roles of all processes, each with its account and its rules as text, as a list in JSON; one without a namespace is the cluster's. */}}
{{- define "plimsoll.grants" -}}
{{- $own := .Release.Namespace }}
{{- $silent := include "plimsoll.silentFeatures" .Values.features | fromJsonArray }}
{{- $grants := list }}
{{- range $process := include "plimsoll.processes" . | fromJsonArray }}
{{- $grant := dict "account" $process.account "role" (include "plimsoll.clusterName" (list $process.name $)) }}
{{- $context := merge (dict "settings" $.Values.features) $process }}
{{- $chosen := dict }}
{{- $all := list }}
{{- $telling := list }}
{{- $isEverywhere := empty $.Values.namespaces }}
{{- if $process.features }}{{ $isEverywhere = false }}{{ else }}{{ $all = $.Values.namespaces }}{{ $telling = $all }}{{ end }}
{{- range $feature := $process.features }}
{{- $some := include "plimsoll.featureNamespaces" (list $feature $) | fromJsonArray }}
{{- $_ := set $chosen $feature $some }}
{{- $all = concat $all $some }}
{{- if not (has $feature $silent) }}
{{- $telling = concat $telling $some }}
{{- if empty $some }}{{ $isEverywhere = true }}{{ end }}
{{- end }}
{{- end }}
{{- $places := dict }}
{{- range $feature, $some := $chosen }}{{ $_ := set $places $feature (empty $some) }}{{ end }}
{{- with include "plimsoll.rules" (merge (dict "cluster" true "own" false "core" $isEverywhere "places" $places) $context) | trim }}
{{- $grants = append $grants (merge (dict "rules" .) $grant) }}
{{- end }}
{{- range $namespace := concat (list $own) $.Values.namespaces $all | uniq }}
{{- $places := dict }}
{{- range $feature, $some := $chosen }}{{ $_ := set $places $feature (has $namespace $some) }}{{ end }}
{{- $core := and (not $isEverywhere) (has $namespace $telling) }}
{{- with include "plimsoll.rules" (merge (dict "cluster" false "own" (eq $namespace $own) "core" $core "places" $places) $context) | trim }}
{{- $grants = append $grants (merge (dict "rules" . "namespace" $namespace) $grant) }}
{{- end }}
{{- end }}
{{- end }}
{{- toJson $grants }}
{{- end }}
