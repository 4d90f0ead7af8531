import type { Cluster } from "@plimsoll/cluster";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";

/** Sends a request to a cluster's etcd, over its HTTP gateway, as the API server unless told otherwise. */
export async function askEtcd({ etcd }: Cluster, path: string, body: unknown, as?: Pick<RequestOptions, "cert" | "key">): Promise<string> {
  const credentials = as ?? { cert: readFileSync(etcd.cert), key: readFileSync(etcd.key) };
  const asking = request(new URL(path, etcd.url), { method: "POST", ca: readFileSync(etcd.ca), ...credentials, agent: false });
  asking.end(JSON.stringify(body));
  const [answer] = await once(asking, "response");
  const said = await text(answer);
  if (answer.statusCode !== 200) throw new Error(`etcd answered ${answer.statusCode}: ${said}`);
  return said;
}
