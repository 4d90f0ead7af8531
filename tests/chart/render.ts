import type { HelmVersion } from "@plimsoll/cluster";
import { fileURLToPath } from "node:url";
import { writeFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "@plimsoll/controller/installation";
import { helm } from "../support/helm.ts";

export const chart = fileURLToPath(new URL("../../charts/plimsoll", import.meta.url));

/** A Helm 3 that is built from its module takes a cluster that it doesn't ask for one of Kubernetes 1.20. */
export const kubeVersion = ["--kube-version", "1.36.3"];

/** An object, and the comments at the left margin of its text: what is said of the rules of a role. */
export interface Rendered {
  object: KubernetesObject;
  comments: string[];
}

/** What Helm renders of a file of values, without what it runs as tests. */
export async function render(version: HelmVersion, values: string, namespace: string, folder = chart): Promise<Rendered[]> {
  const args = ["template", "plimsoll", folder, ...kubeVersion, "--namespace", namespace, "--values", values, "--skip-tests"];
  const { code, stdout, stderr } = await helm(version, args);
  if (code !== 0) throw new Error(stderr);
  return stdout.split(/^---$/m).flatMap((text) => {
    const [document] = parseAllDocuments(text);
    const object = document?.toJS() as KubernetesObject | null | undefined;
    if (!object) return [];
    const comments = [...text.matchAll(/^# ([a-z-]+: .*)$/gm)].map(([, comment]) => comment ?? "");
    return [{ object, comments }];
  });
}

/** Writes a file of values: JSON is YAML. */
export async function writeValues(path: string, values: object): Promise<string> {
  await writeFile(path, JSON.stringify(values));
  return path;
}
