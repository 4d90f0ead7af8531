{{/* What the values' schema can't say. */}}
{{- define "plimsoll.check" -}}
{{- include "plimsoll.checkFeatures" . }}
{{- with .Values.leaderElection }}
{{- $lease := include "plimsoll.seconds" .leaseDuration | int64 }}
{{- $renew := include "plimsoll.seconds" .renewDeadline | int64 }}
{{- $retry := include "plimsoll.seconds" .retryPeriod | int64 }}
{{- if lt $lease 1 }}
{{- fail (printf "leaderElection.leaseDuration: is %s: must be at least a second" .leaseDuration) }}
{{- end }}
{{- if ge $renew $lease }}
{{- fail (printf "leaderElection.renewDeadline: is %s: must be less than leaseDuration, %s, or another may hold the lease before its holder stops" .renewDeadline .leaseDuration) }}
{{- end }}
{{- if or (lt $retry 1) (gt (mul 2 $retry) $renew) }}
{{- fail (printf "leaderElection.retryPeriod: is %s: must be more than 0 and at most half of renewDeadline, %s, so that one failure doesn't lose the lease" .retryPeriod .renewDeadline) }}
{{- end }}
{{- end }}
{{- end }}

{{/* The seconds of a duration such as 1h30m. */}}
{{- define "plimsoll.seconds" -}}
{{- $hours := regexFind "[1-9][0-9]*h" . | trimSuffix "h" | int64 }}
{{- $minutes := regexFind "[1-9][0-9]*m" . | trimSuffix "m" | int64 }}
{{- $seconds := regexFind "[1-9][0-9]*s" . | trimSuffix "s" | int64 }}
{{- add (mul 3600 $hours) (mul 60 $minutes) $seconds }}
{{- end }}

{{/* Refuses to define a kind that another installation in the cluster defines: takes a list of the CRD's name and the chart. */}}
{{- define "plimsoll.crdOwner" -}}
{{- $name := index . 0 }}
{{- $release := (index . 1).Release }}
{{- $annotations := dig "metadata" "annotations" dict (lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" $name) }}
{{- $owner := index $annotations "meta.helm.sh/release-namespace" | default $release.Namespace }}
{{- if and (ne $owner $release.Namespace) (lookup "v1" "Service" $owner "plimsoll-metrics") }}
{{- fail (printf "crds.create: %s is kept up to date by the installation in the namespace %s: give crds.create=false here" $name $owner) }}
{{- end }}
{{- end }}
