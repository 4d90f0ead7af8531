import { valueAt, type Path } from "../problems/path.ts";
import type { PodOptions } from "./pod.ts";
import type { Problem } from "../problems/problem.ts";

/** Sources of a projected volume that prove who the pod is. */
const proofs = ["serviceAccountToken", "podCertificate"] as const;

/** A pod that has a token and names no ServiceAccount has that of `default`: what is used has to be named, as the API server's policy looks there. */
export function* tokenProblems(options: PodOptions, at: Path): Generator<Problem> {
  if (options.serviceAccountName) return;
  const path = [...at, "serviceAccountName"];
  const remedy = 'is that of ServiceAccount "default": name that, or another';
  const volumes = [...(options.volumes ?? []), ...listIn(valueAt(options.patch, ["spec", "volumes"]))];
  const sources = volumes.flatMap((volume) => listIn(valueAt(volume, ["projected", "sources"])));
  const proof = proofs.find((kind) => sources.some((source) => valueAt(source, [kind]) !== undefined));
  const mounted = valueAt(options.patch, ["spec", "automountServiceAccountToken"]);
  if (proof !== undefined) yield { path, message: `is missing, and a volume's ${proof} ${remedy}` };
  else if (mounted !== undefined && mounted !== false)
    yield { path, message: `is missing, and the token that pod.patch has mounted ${remedy}` };
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
