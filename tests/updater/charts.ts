import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Release } from "@plimsoll/updater";
import { helm } from "../support/helm.ts";

const source = fileURLToPath(new URL("../../charts/plimsoll", import.meta.url));

/** What a version of the chart has otherwise than ours: texts of its files, by their paths. */
export type Edit = Record<string, (text: string) => string>;

/** A packaged chart. */
export interface Chart {
  version: string;
  file: string;
  bytes: Buffer;
  digest: Release["chart"]["digest"];
}

/** Our chart with another version, and edited. */
export async function chart(version: string, ...edits: Edit[]): Promise<Chart> {
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-chart-"));
  await cp(source, join(folder, "plimsoll"), { recursive: true });
  const versions: Edit = {
    "Chart.yaml": (text) => text.replace(/^version: .*$/m, `version: ${version}`).replace(/^appVersion: .*$/m, `appVersion: ${version}`),
  };
  for (const edit of [versions, ...edits])
    for (const [path, change] of Object.entries(edit)) {
      const file = join(folder, "plimsoll", path);
      const before = await readFile(file, "utf8");
      const after = change(before);
      if (after === before && edit !== versions) throw new Error(`${path} is the same after the edit`);
      await writeFile(file, after);
    }
  const { code, stderr } = await helm(4, ["package", join(folder, "plimsoll"), "--destination", folder]);
  if (code !== 0) throw new Error(stderr);
  const file = join(folder, `plimsoll-${version}.tgz`);
  const bytes = await readFile(file);
  return { version, file, bytes, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}` };
}

const extra = (apiVersion: string, kind: string, more: string, namespaced = true): string => `
---
apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: plimsoll-extra-{{ .Release.Namespace }}${namespaced ? "\n  namespace: {{ .Release.Namespace | quote }}" : ""}
${more}
`;

const rbac = "rbac.authorization.k8s.io/v1";
const rules = 'rules: [{apiGroups: [""], resources: ["pods"], verbs: ["get"]}]';
const binds = (kind: string): string =>
  `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: "plimsoll-extra-{{ .Release.Namespace }}"}`;
const admission = "admissionregistration.k8s.io/v1";
const asksNothing =
  'spec: {matchConstraints: {resourceRules: [{apiGroups: [none.example], apiVersions: [v1], operations: [CREATE], resources: [none]}]}, validations: [{expression: "true"}]}';
const pod = (restartPolicy: string): string => `{spec: {restartPolicy: ${restartPolicy}, containers: [{name: none, image: none}]}}`;

/** One that has an object more. */
export const withObject: Edit = { "templates/configmaps.yaml": (text) => text + extra("v1", "ConfigMap", "") };

/** One that has an object more of each kind. */
export const withObjects: Edit = {
  "templates/configmaps.yaml": (text) =>
    text +
    extra("v1", "ConfigMap", "") +
    extra("v1", "ServiceAccount", "") +
    extra("v1", "Service", "spec: {clusterIP: None, selector: {none: such}}") +
    extra("policy/v1", "PodDisruptionBudget", "spec: {maxUnavailable: 1, selector: {matchLabels: {none: such}}}") +
    extra("networking.k8s.io/v1", "NetworkPolicy", "spec: {podSelector: {matchLabels: {none: such}}, policyTypes: [Ingress]}") +
    extra(rbac, "Role", rules) +
    extra(rbac, "RoleBinding", binds("Role")) +
    extra(rbac, "ClusterRole", rules, false) +
    extra(rbac, "ClusterRoleBinding", binds("ClusterRole"), false) +
    extra(admission, "ValidatingAdmissionPolicy", asksNothing, false) +
    extra(
      admission,
      "ValidatingAdmissionPolicyBinding",
      'spec: {policyName: "plimsoll-extra-{{ .Release.Namespace }}", validationActions: [Deny]}',
      false,
    ) +
    extra("batch/v1", "CronJob", `spec: {schedule: "0 0 1 1 *", suspend: true, jobTemplate: {spec: {template: ${pod("Never")}}}}`) +
    extra(
      "apps/v1",
      "Deployment",
      `spec:
  replicas: 0
  selector: {matchLabels: {none: such}}
  template: {metadata: {labels: {none: such}}, spec: {containers: [{name: none, image: none}]}}`,
    ),
};

/** One whose roles have a right more. */
export const withRight: Edit = {
  "templates/_rules.tpl": (text) => text.replace(/(resources: \["pods"\]\n *verbs: )\["create"\]/, '$1["create", "update"]'),
};

/** One whose pods run on the real node, and end with 3 as soon as they have begun. */
export const crashing: Edit = {
  "templates/_pod.tpl": (text) =>
    text
      .replace("with .Values.nodeSelector", "with dict")
      .replace("with .Values.tolerations", "with list")
      .replace(/^image: .*$/m, 'image: busybox\ncommand: ["sh", "-c", "echo no good; exit 3"]'),
};

/** One whose pods find no node. */
export const homeless: Edit = { "templates/_pod.tpl": (text) => text.replace("with .Values.nodeSelector", 'with dict "none" "such"') };
