import { chains, fanOut, layered, type Load } from "../loads.ts";

/** How much the controller manager and the scheduler may ask of the API server. */
export const modes = {
  defaults: { rates: "default", title: "at defaults", bindings: 50 },
  raised: { rates: "raised", title: "at 200 a second", bindings: 200 },
} as const;

export type Mode = keyof typeof modes;

/** What a load is to take of this build; what isn't given is no aim. */
interface Aims {
  /** Wall time to the baseline's. */
  wall?: Record<Mode, number>;
  /** API server's CPU to the baseline's. */
  serverCpu?: number;
  /** Everybody's requests a step. */
  requests?: number;
  /** Milliseconds from a pod's end to the next pod, median. */
  latency?: number;
  /** Milliseconds of the event loop's delay, p99. */
  lag?: number;
  /** Milliseconds of the controller's CPU a step. */
  cpu?: number;
  /** The controller's peak RSS, in MB. */
  rss?: number;
  /** The longest status, in KiB. */
  status?: number;
}

export interface Comparison {
  make: (namespace: string) => Load;
  aims: Aims;
  /** What Argo Workflows took for the same at 200 requests a second, tuned (by default). */
  argo?: { wall: string; requests: string };
  /** It would take the baseline too long. */
  isLarge?: true;
}

const chainAims: Aims = { wall: { defaults: 0.12, raised: 0.6 }, requests: 7.5 };

/** By the name under which `--loads` knows it. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  "chains-60": { make: (namespace) => chains(namespace, 60), aims: chainAims },
  "chains-200": {
    make: (namespace) => chains(namespace, 200),
    aims: chainAims,
    argo: { wall: "42 s, 31 s with its minimal CRD (57 s)", requests: "13.4" },
  },
  "fan-500": {
    make: (namespace) => fanOut(namespace, 500),
    aims: { wall: { defaults: 0.4, raised: 0.8 }, requests: 5.5, serverCpu: 0.8 },
    argo: { wall: "14.7 s (20 s)", requests: "12.3" },
  },
  "dag-300": {
    make: (namespace) => layered(namespace, 300, 15),
    aims: { wall: { defaults: 0.08, raised: 0.6 }, latency: 20 },
    argo: { wall: "17.0 s (151 s)", requests: "12.5" },
  },
  "fan-5000": { make: (namespace) => fanOut(namespace, 5_000), aims: { requests: 5.5, rss: 200, status: 512 }, isLarge: true },
  "chains-1000": { make: (namespace) => chains(namespace, 1_000), aims: { requests: 7.5, rss: 250, cpu: 5, lag: 20 }, isLarge: true },
};
