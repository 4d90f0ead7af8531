import { namesIn } from "./folded.ts";

/** What to say of fields for which no one of ours stands, by a field that the place has. */
const table: readonly (readonly [at: string, theirs: string, text: string])[] = [
  ["forEach", "params", "a step's expressions know the pipeline's params, and env gives it further values"],
  ["forEach", "results artifacts", "a pod writes its outputs to $PLIMSOLL_OUTPUTS, as in key=value, and files to /workspace"],
  ["forEach", "workspace workspaces", "give the pipeline a workspace in spec: each step has it at /workspace"],
  ["forEach", "description displayName label doc docMd", "a step has its name alone: write a comment (#)"],
  ["forEach", "schedule cron", "a PipelineSchedule says when a pipeline runs"],
  ["forEach", "stage", "there are no stages: name in needs the steps that must have ended before"],
  [
    "forEach",
    "steps dag inline tasks pipelineRef pipelineSpec trigger containerSet",
    "a step holds no steps: write them into the pipeline, with needs",
  ],
  ["forEach", "cpu memory", "give it in resources, as in {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 1Gi}}"],
  [
    "forEach",
    "gpu gpus accelerator accelerators numGpus",
    "give it in resources, by its device's name, as in {limits: {nvidia.com/gpu: 1}}",
  ],
  ["forEach", "shell", "the script's first line names its interpreter, as in #!/bin/bash"],
  ["forEach", "beforeScript afterScript", "write it into script"],
  ["forEach", "pythonCallable python", "write it as script, with #!/usr/bin/env python3 as its first line"],
  ["forEach", "workingDirectory", "begin the script with cd, or give workingDir in pod.patch"],
  ["forEach", "http", "a script asks, by a program of its image"],
  ["forEach", "runsOn", "image says what the step runs in, and pod.nodeSelector on which nodes"],
  [
    "forEach",
    "triggerRule",
    'if sees how others have ended, as in steps.load.phase == "Failed", and what is in finally runs whatever the outcome',
  ],
  ["forEach", "suspend approval manual", "no step waits for somebody: make two pipelines of it"],
  ["forEach", "container containers", "a step has one container, of which it gives image, command, env, resources and so on itself"],
  ["pod.volumes", "terminationMessagePath", "Plimsoll's outputs are written there"],
  ["forEach", "daemon", "pod.initContainers has what runs beside a step, with restartPolicy: Always"],
  ["pod.volumes", "sidecars services", "pod.initContainers has what runs beside a step, with restartPolicy: Always"],
  ["pod.volumes", "ephemeralContainers", "Kubernetes puts them into pods that run, as by kubectl debug"],
  [
    "pod.volumes",
    "secrets secret",
    "a Secret reaches a step by env, as in {name: TOKEN, valueFrom: {secretKeyRef: {name: NAME, key: KEY}}}",
  ],
  ["pod.volumes", "tags", "pod.nodeSelector says on which nodes pods run, and pod.labels what others know them by"],
  ["pod.volumes", "cache memoize caching cachingOptions", "no step's result is kept for other runs; steps of one share a workspace"],
  [
    "pod.volumes",
    "synchronization mutex semaphore resourceGroup pool queue",
    "no lock holds runs apart but a PipelineSchedule's concurrency, and in a step parallelism",
  ],
  ["pod.volumes", "extends include inherit", "a file stands for itself; an anchor of YAML (&a, *a) repeats a part of it"],
  ["metadata.labels", "name namespace generateName", "Plimsoll names what it makes: take it out"],
  ["restartPolicyRules", "script run", "such a container has command and args, as in command: [sh, -c, date]"],
  ["patch", "containers", "a pod has its step's container; pod.patch changes it, and pod.initContainers has what runs beside it"],
  ["patch", "spec", "its fields stand in pod itself, and those that it lacks in pod.patch"],
  ["patch", "resources", "give them in the step's resources"],
  [
    "finally",
    "schedule schedules cron scheduleInterval timeZone catchup startDate endDate startTime endTime concurrencyPolicy startingDeadline startingDeadlineSeconds suspend paused interval",
    "a PipelineSchedule says when a pipeline runs",
  ],
  ["finally", "name generateName", "its name stands in metadata"],
  ["finally", "on triggers trigger", "a PipelineSchedule, `plimsoll run` or a new PipelineRun starts it"],
  ["finally", "stages", "there are no stages: name in each step's needs those that must have ended before"],
  ["finally", "beforeScript afterScript", "each step has a script of its own"],
  ["finally", "runsOn", "image of each step says what it runs in, and pod.nodeSelector on which nodes"],
  ["finally", "entrypoint", "all steps run, each when those in its needs have ended"],
  [
    "finally",
    "default defaults defaultArgs templateDefaults stepTemplate",
    "what all steps share stands in pod; an anchor of YAML (&a, *a) repeats the rest",
  ],
  ["finally", "outputs results", "a pipeline has none of its own: those of its steps stand in the status of each run"],
  [
    "finally",
    "concurrency parallelism maxParallel maxActiveRuns maxActiveTasks",
    "a step with forEach has parallelism, and a PipelineSchedule concurrency",
  ],
  ["finally", "artifacts", "steps share files in the workspace"],
  [
    "finally",
    "failureStrategy",
    "failFast says whether others go on where a step has failed, and a step's continueOnFailure whether the run does",
  ],
  ["pipelineRef", "taskRunTemplate taskRunSpecs podTemplate podSpecPatch podMetadata", "the pipeline's pod says it"],
  ["pipelineRef", "workspace workspaces", "the pipeline says it; each run has its own"],
  ["pipelineRef", "status state", "cancel: true ends a run"],
  ["pipelineRef", "name generateName namespace", "it stands in metadata"],
  ["pipelineRef", "schedule schedules cron", "a PipelineSchedule says when a pipeline runs"],
  ["pipelineRef", "suspend paused", "a run can't be halted; cancel: true ends it"],
  ["missedRuns", "pipelineRef pipeline pipelineName", "give it in template, as in {spec: {pipelineRef: {name: NAME}}}"],
  [
    "missedRuns",
    "params parameters arguments timeout ttl serviceAccountNames manifestKinds",
    "give it in template.spec, beside pipelineRef",
  ],
  ["requests", "cpu memory", "give it in requests or limits"],
  [
    "requests",
    "gpu gpus nvidia.com/gpu amd.com/gpu accelerator accelerators",
    "give it in limits, by its device's name, as in nvidia.com/gpu: 1",
  ],
  ["type", "required optional", "a param without a default must be given by each run"],
  ["type", "enum options choices validations pattern", "a param has a type alone: a step's script or if looks at its value"],
  ["ttl.succeeded", "secondsAfterCompletion", "give both succeeded and failed"],
];

let made: ReturnType<typeof fold> | undefined;
const fold = () => table.map(([at, theirs, text]) => ({ at, theirs: namesIn(theirs), text }));

/** The same, folded when it is first asked for: programs that read no wrong field needn't wait for it. */
export const words = (): ReturnType<typeof fold> => (made ??= fold());
