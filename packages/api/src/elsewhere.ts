/** What other tools call fields, or where they have them, by the field that is meant here; of several that which is known counts. */
const names: readonly (readonly [ours: string, theirs: string])[] = [
  ["needs", "dependsOn depends_on depends-on depends dependencies requires runAfter after"],
  ["forEach", "withItems withParam withSequence matrix strategy loop"],
  ["if", "when condition"],
  ["retry", "retryStrategy retries"],
  ["timeout", "activeDeadlineSeconds timeout-minutes timeoutMinutes timeoutSeconds timeout_seconds"],
  ["continueOnFailure", "continueOn continue-on-error continueOnError onError allow_failure"],
  ["failFast", "fail-fast fail_fast"],
  ["parallelism", "concurrency max-parallel maxParallel"],
  ["script", "run source"],
  ["image", "container uses template taskRef taskSpec templateRef"],
  ["steps", "tasks jobs templates"],
  ["params", "arguments parameters inputs"],
  ["env", "with arguments parameters inputs"],
  ["finally", "onExit"],
  ["ttl", "ttlStrategy ttlSecondsAfterFinished"],
  [
    "pod",
    "nodeSelector tolerations affinity serviceAccountName volumes imagePullSecrets initContainers priorityClassName runtimeClassName labels annotations",
  ],
];

const meant = Map.groupBy(
  names.flatMap(([ours, theirs]) => theirs.split(" ").map((name) => ({ name, ours }))),
  ({ name }) => name,
);

/** The known field that is meant by one that other tools have. */
export function fieldElsewhere(field: string, known: readonly string[]): string | undefined {
  return meant.get(field)?.find((one) => known.includes(one.ours))?.ours;
}

/** A word about a field that other tools have, where the one that is meant is known here; else none. */
export function elsewhere(field: string, known: readonly string[]): string | undefined {
  const ours = fieldElsewhere(field, known);
  return ours && `; it is ${ours === "pod" ? `pod.${field}` : ours} here`;
}
