import type { HelmVersion } from "@plimsoll/cluster";
import type { Transport } from "@plimsoll/kube";
import type { PolicyRule } from "@plimsoll/permissions";
import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bind, untilAllowed, writeRole } from "../../bench/reviews.ts";
import type { Result } from "../support/cli.ts";
import { helm } from "../support/helm.ts";
import { auditLog } from "../support/raw-request.ts";
import { release, type Operation } from "./operations.ts";
import { requestsBy } from "./rights.ts";

/** A namespace with a release, on which all operations are done in turn. */
export interface Site {
  namespace: string;
  /** Does the operation, if it takes a chart with these values, as a user in groups: what Helm said, what was asked for, what of that was refused. */
  run: (
    version: HelmVersion,
    args: Operation["args"],
    values: Operation["set"],
    as: readonly string[],
  ) => Promise<Result & Awaited<ReturnType<typeof requestsBy>>>;
  /** A new user who holds these rules. */
  user: (everywhere: readonly PolicyRule[], within: readonly PolicyRule[]) => Promise<string>;
  /** Takes away what a refused installation has left. */
  clear: (version: HelmVersion) => Promise<void>;
  /** Takes away what concerns others in the cluster, and the chart's copy. */
  close: () => Promise<void>;
}

const chart = new URL("chart", import.meta.url).pathname;
const groupOfChart = "helm-rights.example.com";

export async function site(transport: Transport, prefix: string): Promise<Site> {
  const namespace = `${prefix}-${randomBytes(3).toString("hex")}`;
  await transport.request({ method: "POST", path: "/api/v1/namespaces", body: { metadata: { name: namespace } } });
  const group = `${namespace}.${groupOfChart}`;
  const folder = chartWith(group);
  let users = 0;
  return {
    namespace,
    async run(version, args, values = {}, [user = "", ...groups]) {
      const mark = await auditLog.mark();
      const told = args(folder);
      const set = told.includes(folder) ? Object.entries(values).flatMap(([key, value]) => ["--set", `${key}=${value}`]) : [];
      const as = ["--kube-as-user", user, ...groups.flatMap((group) => ["--kube-as-group", group])];
      const result = await helm(version, [...told, ...set, "-n", namespace, ...as]);
      return { ...result, ...(await requestsBy(user, mark)) };
    },
    async user(everywhere, within) {
      const name = `${namespace}-${users++}`;
      const last: PolicyRule = { verbs: ["last"], apiGroups: [""], resources: ["last"] };
      await writeRole(transport, { kind: "ClusterRole", name, rules: [...everywhere, last] });
      await writeRole(transport, { kind: "Role", namespace, name, rules: [...within, { ...last, verbs: ["last-within"] }] });
      await bind(transport, name, { kind: "ClusterRole", name });
      await bind(transport, name, { kind: "Role", name }, namespace);
      await untilAllowed(transport, name, { verb: "last", group: "", resource: "last" });
      await untilAllowed(transport, name, { verb: "last-within", group: "", resource: "last", namespace });
      return name;
    },
    async clear(version) {
      const { code, stderr } = await helm(version, ["uninstall", release, "-n", namespace]);
      if (code !== 0) throw new Error(stderr);
    },
    async close() {
      rmSync(folder, { recursive: true });
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`;
      await transport.request({ method: "DELETE", path });
    },
  };
}

/** A copy of the chart with a CustomResourceDefinition of the namespace's own: `crds/` knows no templates. */
function chartWith(group: string): string {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-chart-"));
  cpSync(chart, folder, { recursive: true });
  const crd = join(folder, "crds/widgets.yaml");
  writeFileSync(crd, readFileSync(crd, "utf8").replaceAll(groupOfChart, group));
  return folder;
}
