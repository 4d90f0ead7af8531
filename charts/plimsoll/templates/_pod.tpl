{{/* What is the same in every pod of the installation; it meets the Pod Security Standard `restricted`. Takes the chart. */}}
{{- define "plimsoll.pod" -}}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The rights of every container of the installation: none. */}}
{{- define "plimsoll.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: ["ALL"]
{{- end }}

{{/* Asks the controller for a path: takes that, and how often. */}}
{{- define "plimsoll.probe" -}}
httpGet:
  path: {{ .path }}
  port: http
periodSeconds: {{ .period }}
failureThreshold: {{ .failures }}
timeoutSeconds: 5
{{- end }}

{{/* The controller's container. */}}
{{- define "plimsoll.container" -}}
name: controller
image: {{ include "plimsoll.image" (dict "root" . "image" .Values.image) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
args: ["--config", "/etc/plimsoll/plimsoll.yaml"]
{{- with .Values.extraEnv }}
env:
  {{- toYaml . | nindent 2 }}
{{- end }}
ports:
  - name: http
    containerPort: 8080
startupProbe:
  {{- include "plimsoll.probe" (dict "path" "/healthz" "period" 1 "failures" 60) | nindent 2 }}
livenessProbe:
  {{- include "plimsoll.probe" (dict "path" "/healthz" "period" 20 "failures" 3) | nindent 2 }}
readinessProbe:
  {{- include "plimsoll.probe" (dict "path" "/readyz" "period" 2 "failures" 2) | nindent 2 }}
resources:
  {{- toYaml .Values.resources | nindent 2 }}
securityContext:
  {{- include "plimsoll.containerSecurity" . | nindent 2 }}
volumeMounts:
  - name: config
    mountPath: /etc/plimsoll
    readOnly: true
  {{- with .Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
