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

const extra = `
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: plimsoll-extra
  namespace: {{ .Release.Namespace | quote }}
`;

/** One that has an object more. */
export const withObject: Edit = { "templates/configmaps.yaml": (text) => text + extra };

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
