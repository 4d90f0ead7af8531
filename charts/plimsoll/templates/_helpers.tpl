{{/* A list of maps as one in YAML: the last counts where they differ, also with what `merge` takes for nothing. */}}
{{- define "plimsoll.merged" -}}
{{- $merged := dict }}
{{- range $map := . }}
{{- range $key, $value := $map }}{{ $_ := set $merged $key $value }}{{ end }}
{{- end }}
{{- toYaml $merged }}
{{- end }}

{{/* The labels of every object. */}}
{{- define "plimsoll.labels" -}}
{{ include "plimsoll.merged" (list .Values.commonLabels (include "plimsoll.ownLabels" . | fromYaml)) }}
{{- end }}

{{/* The labels by which the installation's objects are known. */}}
{{- define "plimsoll.ownLabels" -}}
app.kubernetes.io/name: plimsoll
plimsoll.dev/installation: {{ .Release.Namespace | quote }}
{{- end }}

{{/* Of an object that the Prometheus operator or Grafana chooses by its labels: takes the chart (`root`), and these (`labels`). */}}
{{- define "plimsoll.chosenLabels" -}}
{{ include "plimsoll.merged" (list .root.Values.commonLabels .labels (include "plimsoll.ownLabels" .root | fromYaml)) }}
{{- end }}

{{/* Tells the pods of a process, by its name, from others. */}}
{{- define "plimsoll.selector" -}}
app.kubernetes.io/name: plimsoll
plimsoll.dev/process: {{ . | quote }}
{{- end }}

{{/* The name of an object without a namespace: takes a list of the name and the chart. Two installations may share a cluster. */}}
{{- define "plimsoll.clusterName" -}}
{{- $namespace := (index . 1).Release.Namespace -}}
{{ index . 0 }}{{ if ne $namespace "plimsoll-system" }}:{{ $namespace }}{{ end }}
{{- end }}

{{/* The version of Plimsoll that the chart installs. */}}
{{- define "plimsoll.version" -}}
{{ .Chart.AppVersion }}
{{- end }}

{{/* An image by its digest or its tag: takes the chart (`root`), and what the values say of the image (`image`). */}}
{{- define "plimsoll.image" -}}
{{- with .image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default (include "plimsoll.version" $.root) }}{{ end }}
{{- end }}
{{- end }}
