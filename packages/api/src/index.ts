export { closest, nearest } from "./elsewhere/closest.ts";
export { jsonSchemaOf, type JsonSchema, plain } from "./schema/json-schema.ts";
export { crds, type CustomResourceDefinition } from "./schema/crd.ts";
export { parseDuration } from "./duration.ts";
export { type Blocker, type DrainedNode, type DrainStatus, type SurgedDeployment } from "./status/drain-status.ts";
export { duration, labelPattern, looseQuantity, objectName } from "./schema/field.ts";
export { crdText, generatedFiles } from "./schema/generated.ts";
export { type Manifest, readManifests, type SoundPart } from "./manifest.ts";
export { decodeText, EncodingError } from "./yaml/encoding.ts";
export { readDocuments, type TextDocument, withLines } from "./yaml/documents.ts";
export { inKeyOrder } from "./schema/key-order.ts";
export { namesakesIn, type Placed } from "./namesakes.ts";
export { withoutNulls } from "./schema/nulls.ts";
export { findCycle, topologicalOrder } from "./order.ts";
export {
  apiVersion,
  type CustomObject,
  defineKind,
  group,
  type Kind,
  type ObjectOf,
  storedVersion,
  type StoredObjectOf,
  type StoredVersionOf,
} from "./schema/kind.ts";
export { drain, type Drain } from "./kinds/drain.ts";
export { kinds } from "./kinds/index.ts";
export { backfill, mostTimes, type Backfill, type BackfillStatus } from "./kinds/backfill.ts";
export {
  longestScheduleName,
  namesFault,
  pipelineSchedule,
  type PipelineSchedule,
  type ScheduleStatus,
} from "./kinds/pipeline-schedule.ts";
export { pipelineRun, type PipelineRun } from "./kinds/pipeline-run.ts";
export { pipeline, type Pipeline, pipelineSpec, type PipelineSpec } from "./kinds/pipeline.ts";
export { appliedConfidence, rightSizingPolicy, type RightSizingPolicy } from "./kinds/right-sizing-policy.ts";
export { mostSizedContainers, type Recommendation, type RightSizingStatus, type SizeChange } from "./status/right-sizing-status.ts";
export { workloadSet, type InventoryEntry, type WorkloadSet, type WorkloadSetStatus } from "./kinds/workload-set.ts";
export { isLabelKey, isLabelValue } from "./label-selector.ts";
export { metadataProblems } from "./object-metadata.ts";
export { formatPath, isWithin, type Path, valueAt } from "./problems/path.ts";
export { type PodOptions } from "./pod/pod.ts";
export { type InitContainer } from "./pod/init-container.ts";
export { mergeKeyOf } from "./pod/merge-keys.ts";
export { patchProblems } from "./pod/patch.ts";
export { reserved } from "./pod/reserved.ts";
export { problemsIn } from "./problems/issues.ts";
export { readSound } from "./sound/part.ts";
export { firstOfProblems, formatProblem, ofRule, type Problem, problemRules, type ProblemRule, problemText } from "./problems/problem.ts";
export { shownAt } from "./problems/shown.ts";
export { disruptions, type Reason, type Retry } from "./step/retry.ts";
export { conditionOf, findCondition, validity, withCondition, type Condition } from "./status/condition.ts";
export { type EndedTry, type PendingRetry, type RunStatus, stepStatus, type StepStatus } from "./status/run-status.ts";
export * from "./spark/index.ts";
export { type AutoResources } from "./pod/auto-resources.ts";
export { sizedClass, type PipelineStatus, type SizedClass, type SizedTry } from "./status/sizing.ts";
export { type Param, type Step } from "./step/step.ts";
export { manifestOf, type Manifested } from "./step/step-object.ts";
export { kindsIn, kindsOf, kindText } from "./use/made-kinds.ts";
export { accountsIn, accountsOf, changedAccount, mostServiceAccounts } from "./use/service-accounts.ts";
export { jsonSize, managedFieldsSize } from "./schema/stored-size.ts";
export { type Schema } from "./schema/structural.ts";
export { type Template } from "./step/template.ts";
export { type TimingSpec } from "./step/timing.ts";
export { unlistedIn } from "./use/unlisted.ts";
export { listsOf, unlisted, type Use } from "./use/use.ts";
export { type Ttl } from "./step/ttl.ts";
export {
  vpaGroup,
  vpaVersion,
  type VerticalPodAutoscaler,
  type VpaCondition,
  type VpaContainerPolicy,
  type VpaContainerRecommendation,
  type VpaSpec,
  type VpaStatus,
} from "./vertical-pod-autoscaler.ts";
export { count } from "./problems/words.ts";
