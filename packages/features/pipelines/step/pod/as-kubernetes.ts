/**
 * What a user gave under Kubernetes' own names, as Kubernetes' types: without the fields that are undefined. The schemas don't say what lies deep in
 * it; the API server does.
 */
export function asKubernetes<T>(given: unknown): T {
  return JSON.parse(JSON.stringify(given)) as T;
}
