/** What other tools call a field, or where they have it, and the field that is meant. */
const meant: Readonly<Record<string, string>> = {
  dependsOn: "needs",
  depends: "needs",
  dependencies: "needs",
  runAfter: "needs",
  withItems: "forEach",
  withParam: "forEach",
  withSequence: "forEach",
  matrix: "forEach",
  when: "if",
  retryStrategy: "retry",
  retries: "retry",
  activeDeadlineSeconds: "timeout",
  run: "script",
  source: "script",
  tasks: "steps",
  jobs: "steps",
  arguments: "params",
  parameters: "params",
  onExit: "finally",
  ttlStrategy: "ttl",
  ...Object.fromEntries(
    "nodeSelector tolerations affinity serviceAccountName volumes imagePullSecrets initContainers priorityClassName runtimeClassName labels annotations"
      .split(" ")
      .map((field) => [field, "pod"]),
  ),
};

/** A word about a field that other tools have, where the one that is meant is known here; else none. */
export function elsewhere(field: string, known: readonly string[]): string | undefined {
  const ours = Object.hasOwn(meant, field) ? meant[field] : undefined;
  if (ours === undefined || !known.includes(ours)) return undefined;
  return `; it is ${ours === "pod" ? `pod.${field}` : ours} here`;
}
