/** Where the users of other tools write fields here. */
export type Place =
  "step" | "manifest" | "pipeline" | "retry" | "backoff" | "pod" | "resources" | "variable" | "param" | "workspace" | "run" | "schedule";

/** Fields of other tools of which is told where they are, or what to write in their place. */
export const told: readonly (readonly [place: Place, tool: string, fields: string])[] = [
  [
    "step",
    "Argo Workflows",
    "arguments container containerSet continueOn daemon dag depends dependencies http inline inputs memoize metadata onExit podSpecPatch priority resource retryStrategy sidecars source steps suspend synchronization template templateRef when withItems withParam withSequence activeDeadlineSeconds serviceAccountName",
  ],
  [
    "step",
    "Tekton",
    "description displayName runAfter taskRef taskSpec when retries params matrix workspaces pipelineRef pipelineSpec onError results sidecars ref computeResources workingDir",
  ],
  [
    "step",
    "Kubeflow Pipelines",
    "component componentRef executorLabel dependentTasks cachingOptions iterator inputs parameterIterator artifactIterator retryPolicy",
  ],
  [
    "step",
    "Airflow",
    "task_id bash_command python_callable trigger_rule execution_timeout retries retry_delay retry_exponential_backoff max_retry_delay upstream upstream_task_ids pool queue priority_weight on_failure_callback on_success_callback env_vars cmds arguments image_pull_secrets image_pull_policy service_account_name node_selector container_resources max_active_tis_per_dag is_delete_operator_pod on_finish_action doc_md volume_mounts security_context full_pod_spec executor_config run_as_user",
  ],
  [
    "step",
    "GitHub Actions",
    "id run uses with shell working-directory continue-on-error timeout-minutes runs-on strategy matrix services container permissions environment secrets steps",
  ],
  [
    "step",
    "GitLab CI",
    "stage before_script after_script only except rules variables artifacts cache dependencies allow_failure parallel services tags when trigger extends resource_group secrets inherit environment include",
  ],
  [
    "step",
    "Others",
    "depends_on requires cpu memory gpu gpus limits requests accelerator retryCount maxRetries maxAttempts attempts timeoutSeconds timeout_seconds runAsUser schedule cron envs mounts entrypoint dockerImage kind",
  ],
  [
    "pipeline",
    "Argo Workflows",
    "activeDeadlineSeconds affinity arguments automountServiceAccountToken dnsConfig dnsPolicy entrypoint hostAliases hostNetwork imagePullSecrets nodeSelector onExit parallelism podGC podMetadata podPriorityClassName podSpecPatch priority retryStrategy schedulerName securityContext serviceAccountName suspend synchronization templateDefaults templates tolerations ttlStrategy volumeClaimTemplates volumes",
  ],
  ["pipeline", "Tekton", "displayName tasks workspaces results"],
  [
    "pipeline",
    "Airflow",
    "dag_id schedule schedule_interval start_date end_date catchup default_args max_active_runs max_active_tasks dagrun_timeout tags on_failure_callback doc_md",
  ],
  ["pipeline", "GitHub Actions", "name on jobs env defaults concurrency permissions inputs secrets outputs runs-on"],
  ["pipeline", "GitLab CI", "stages variables image default include services cache before_script after_script"],
  ["pipeline", "Others", "schedule cron timeZone image script resources retry forEach needs parameters vars triggers trigger entrypoint"],
  [
    "retry",
    "Others",
    "count attempts max maxAttempts max_attempts maxRetries retries times retryPolicy policy expression exit_codes when on delay interval multiplier duration initial factor timeout",
  ],
  ["backoff", "Others", "duration maxDuration cap multiplier exponent interval delay limit"],
  [
    "pod",
    "Others",
    "containers spec metadata name resources env image command template activeDeadlineSeconds nodeSelectors serviceAccount hostNetwork volumeMounts sidecars",
  ],
  ["resources", "Others", "cpu memory gpu request limit nvidia.com/gpu requestCpu"],
  ["variable", "Others", "secretKeyRef configMapKeyRef fieldRef resourceFieldRef secret valuefrom key optional secretRef"],
  ["param", "Others", "value enum required options defaultValue optional"],
  ["workspace", "Others", "accessModes storage resources storageClass"],
  ["run", "Tekton", "pipelineSpec serviceAccountName taskRunTemplate taskRunSpecs timeouts workspaces status podTemplate"],
  ["run", "Argo Workflows", "arguments workflowTemplateRef shutdown suspend parameters"],
  ["run", "Others", "pipelineName steps nodeSelector name env image schedule namespace"],
  [
    "schedule",
    "CronJob",
    "schedule concurrencyPolicy startingDeadlineSeconds successfulJobsHistoryLimit failedJobsHistoryLimit jobTemplate",
  ],
  ["schedule", "Argo Workflows", "schedules timezone workflowSpec startingDeadlineSeconds"],
  ["schedule", "Airflow", "schedule_interval start_date end_date catchup max_active_runs dag_id is_paused"],
  ["schedule", "Others", "pipelineRef pipeline params crontab every tz timeout ttl"],
];

/** Fields for which there is nothing here, nor anything near. */
export const unknown: readonly (readonly [place: Place, tool: string, fields: string])[] = [
  ["step", "Argo Workflows", "archiveLocation data executor hooks metrics parallelism-limit plugin"],
  ["step", "Tekton", "stepTemplate stdoutConfig stderrConfig"],
  ["step", "Kubeflow Pipelines", "taskInfo triggerPolicy loopsOver"],
  [
    "step",
    "Airflow",
    "op_kwargs downstream depends_on_past wait_for_downstream pool_slots weight_rule sla on_retry_callback namespace do_xcom_push startup_timeout_seconds get_logs pod_template_file email owner operator",
  ],
  ["step", "GitHub Actions", "concurrency defaults"],
  ["step", "GitLab CI", "coverage interruptible release id_tokens start_in"],
  ["step", "Others", "volume type"],
  [
    "pipeline",
    "Argo Workflows",
    "archiveLogs artifactGC artifactRepositoryRef executor hooks metrics podDisruptionBudget podPriority shutdown volumeClaimGC workflowMetadata workflowTemplateRef",
  ],
  ["pipeline", "Kubeflow Pipelines", "components deploymentSpec root sdkVersion schemaVersion defaultPipelineRoot pipelineInfo dag"],
  ["pipeline", "Airflow", "owner"],
  ["pipeline", "GitHub Actions", "run-name"],
  ["pipeline", "GitLab CI", "workflow pages"],
  ["pipeline", "Others", "nodes version"],
  ["retry", "Others", "affinity exponential jitter"],
  ["pod", "Others", "namespace capabilities containerPorts"],
  ["resources", "Others", "storage"],
  ["variable", "Others", "from default"],
  ["param", "Others", "valueFrom properties globalName desc schema"],
  ["workspace", "Others", "name mountPath subPath volumeClaimTemplate persistentVolumeClaim emptyDir"],
  ["run", "Argo Workflows", "entrypoint templates"],
  ["schedule", "Argo Workflows", "workflowMetadata stopStrategy when"],
  ["schedule", "Others", "backfill"],
];
