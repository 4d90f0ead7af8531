import type { Cloud, Verdict } from "../cloud.ts";
import type { GcpConfig } from "../config.ts";
import { answerOf, doubt, type Doubt } from "../doubt.ts";
import { atOnce } from "../at-once.ts";
import { notGone, verdictsOf } from "../verdicts.ts";

/** A GET of this URL, with the credentials' token. Rejects with a GaxiosError where the answer is none of success. */
export type Get = (url: string, signal: AbortSignal) => Promise<{ data: unknown }>;

interface Place {
  zone: string;
  name: string;
}

const width = 4;

const pattern = /^gce:\/\/([^/]+)\/([a-z0-9-]+)\/([a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)$/;

/** The machines of Compute Engine in some zones of a project. One that is TERMINATED is stopped there, and can be started again. */
export class Gcp implements Cloud {
  readonly provider = "gcp";
  readonly #get: Get;
  readonly #config: GcpConfig;

  constructor(get: Get, config: GcpConfig) {
    this.#get = get;
    this.#config = config;
  }

  async machines(providerIDs: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Verdict>> {
    return verdictsOf(
      width,
      providerIDs,
      (providerID) => this.#placeOf(providerID),
      async (place) => this.#verdict(place, signal),
    );
  }

  async machineNamed(node: string, signal: AbortSignal): Promise<Verdict> {
    const { project, zones } = this.#config;
    // GKE names a node as its machine; what can be no machine's name must not get into a path.
    if (!/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(node)) return doubt(`"${node}" can be no machine's name`);
    const verdicts = await atOnce(width, zones, async (zone) => this.#verdict({ zone, name: node }, signal));
    return (
      notGone(verdicts) ?? {
        state: "gone",
        why: `no machine of ${project} has the name ${node} in ${zones.join(", ")}`,
      }
    );
  }

  async #verdict({ zone, name }: Place, signal: AbortSignal): Promise<Verdict> {
    const { project, endpoint = "https://compute.googleapis.com" } = this.#config;
    const path = `projects/${project}/zones/${zone}/instances/${name}`;
    return answerOf<Verdict>(async (signal) => {
      try {
        const { data } = await this.#get(`${endpoint.replace(/\/$/, "")}/compute/v1/${path}?fields=name,status`, signal);
        return nameOf(data) === name ? { state: "exists" } : doubt(`the answer is not about ${path}`);
      } catch (error) {
        if (isUnknown(error, path)) return { state: "gone", why: "Compute Engine knows no such machine" };
        throw error;
      }
    }, signal);
  }

  #placeOf(providerID: string): Place | Doubt {
    const [, project, zone, name] = pattern.exec(providerID) ?? [];
    if (project === undefined || zone === undefined || name === undefined)
      return doubt(`"${providerID}" names no machine of Compute Engine`);
    if (project !== this.#config.project) return doubt(`is in the project ${project}, and ${this.#config.project} is configured`);
    if (!this.#config.zones.includes(zone)) return doubt(`is in the zone ${zone}, and ${this.#config.zones.join(", ")} are configured`);
    return { zone, name };
  }
}

/** Whether the answer says of this very machine that it isn't there: a 404 may be of the project, the zone, or of somebody else than Compute Engine. */
function isUnknown(error: unknown, path: string): boolean {
  if (!isObject(error) || !isObject(error["response"]) || error["response"]["status"] !== 404) return false;
  const { data } = error["response"];
  const fault = isObject(data) ? data["error"] : undefined;
  return isObject(fault) && typeof fault["message"] === "string" && fault["message"].includes(`'${path}'`);
}

function nameOf(data: unknown): unknown {
  return isObject(data) ? data["name"] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
