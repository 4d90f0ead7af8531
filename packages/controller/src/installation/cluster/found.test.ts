import { ApiError, systemClock, type Sender } from "@plimsoll/kube";
import { expect, test } from "vitest";
import { labelledKinds, labelledObjects } from "./found.ts";

const absent = (path: string): ApiError =>
  new ApiError(`GET ${path}`, 404, { reason: "NotFound", message: "the server could not find it" });

/** A cluster that serves these of the Prometheus operator's resources, though it may list others. */
function clusterWith(listed: readonly string[] | undefined, served: readonly string[] = listed ?? []): Sender {
  return {
    async request<T>({ path }: Parameters<Sender["request"]>[0]): Promise<T> {
      const [, resource] = /^\/apis\/monitoring\.coreos\.com\/v1(?:\/namespaces\/own\/(.+))?$/.exec(path) ?? [];
      if (path === "/apis/monitoring.coreos.com/v1" && listed !== undefined)
        return { resources: listed.flatMap((name) => [{ name }, { name: `${name}/status` }]) } as T;
      if (path.startsWith("/apis/monitoring.") && !served.includes(resource ?? "")) throw absent(path);
      return { metadata: { resourceVersion: "1" }, items: [] } as T;
    },
    stream: () => Promise.reject(new Error("nothing is watched")),
  };
}

test.each([
  [undefined, []],
  [["servicemonitors"], ["ServiceMonitor"]],
  [
    ["servicemonitors", "prometheusrules"],
    ["ServiceMonitor", "PrometheusRule"],
  ],
])("where of the Prometheus operator's kinds %j are served, these are looked through", async (listed, kinds) => {
  const found = (await labelledKinds(clusterWith(listed))).map(([kind]) => kind);
  expect(found.filter((kind) => ["ServiceMonitor", "PrometheusRule"].includes(kind))).toEqual(kinds);
  expect(found).toContain("Deployment");
});

test("a kind that has gone since it was listed holds nothing", async () => {
  expect(await labelledObjects(clusterWith(["servicemonitors", "prometheusrules"], ["servicemonitors"]), "own", systemClock)).toEqual([]);
});
