{{/* The names of the features that run, as a list in JSON. */}}
{{- define "plimsoll.features" -}}
{{- $names := list }}
{{- range $name, $section := .Values.features }}
{{- if $section.enabled }}{{ $names = append $names $name }}{{ end }}
{{- end }}
{{- toJson $names }}
{{- end }}

{{/* One process for all features, or one for each, as a list in JSON: the name, the ServiceAccount, the Lease, and the features' names. */}}
{{- define "plimsoll.processes" -}}
{{- $features := include "plimsoll.features" . | fromJsonArray }}
{{- $account := .Values.serviceAccount.name | default "plimsoll" }}
{{- $processes := list }}
{{- if eq .Values.isolation "shared" }}
{{- $processes = list (dict "name" "plimsoll" "account" $account "lease" .Values.leaderElection.lease "features" $features) }}
{{- else }}
{{- range $feature := $features }}
{{- $name := printf "plimsoll-%s" $feature }}
{{- $processes = append $processes (dict "name" $name "account" (printf "%s-%s" $account $feature) "lease" $name "features" (list $feature)) }}
{{- end }}
{{- end }}
{{- toJson $processes }}
{{- end }}

{{/* The configuration file of a process: takes the chart (`root`) and the process. JSON, as the libraries of YAML differ in what they put in quotes. */}}
{{- define "plimsoll.config" -}}
{{- $values := .root.Values }}
{{- $process := .process }}
{{- $features := dict }}
{{- range $name, $section := $values.features }}
{{- $given := set (deepCopy $section) "enabled" (has $name $process.features) }}
{{- /* What is null isn't given: of the values, only some versions of Helm leave it out. */}}
{{- range $key, $value := $section }}
{{- if kindIs "invalid" $value }}{{ $_ := unset $given $key }}{{ end }}
{{- end }}
{{- $_ := set $features $name $given }}
{{- end }}
{{- $election := merge (dict "lease" $process.lease) $values.leaderElection }}
{{- $config := dict "logLevel" $values.logLevel "leaderElection" $election "features" $features }}
{{- with $values.namespaces }}{{ $_ := set $config "namespaces" . }}{{ end -}}
# The configuration file of {{ $process.name }}.
{{ toPrettyJson $config }}
{{ end }}

{{/* Something where the kinds of Ocean for Spark are wanted, and empty where they aren't. */}}
{{- define "plimsoll.hasBigData" -}}
{{- with .Values.features.inventory }}{{ if and .enabled .bigData }}true{{ end }}{{ end }}
{{- end }}
