import type { Path, Problem } from "@plimsoll/api";
import { justOne, oneOf, required, within } from "./check.ts";
import { port } from "./names.ts";

/** What is done in or asked of a container. */
interface Handler {
  exec?: { command?: readonly string[] };
  httpGet?: { path?: string; port?: number | string; scheme?: string; httpHeaders?: readonly { name?: string }[] };
  tcpSocket?: { port?: number | string };
  grpc?: { port?: number };
  sleep?: { seconds?: number };
}

/** How a container is seen to be well. */
export interface Probe extends Handler {
  initialDelaySeconds?: number;
  timeoutSeconds?: number;
  periodSeconds?: number;
  successThreshold?: number;
  failureThreshold?: number;
  terminationGracePeriodSeconds?: number;
}

/** What is done when a container starts and before it is ended. */
export interface Lifecycle {
  postStart?: Handler;
  preStop?: Handler;
  stopSignal?: string;
}

/** The probes of a container, by their names. */
export const probeNames = ["livenessProbe", "readinessProbe", "startupProbe"] as const;

const ofProbe = ["exec", "httpGet", "tcpSocket", "grpc"];
const ofLifecycle = ["exec", "httpGet", "tcpSocket", "sleep"];
const counts = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] as const;

/** What is wrong with a probe. */
export function* probeProblems(probe: Probe, name: (typeof probeNames)[number], path: Path): Generator<Problem> {
  yield* handlerProblems(probe, ofProbe, 0, path);
  for (const count of counts) yield* within(probe[count], 0, Infinity, [...path, count]);
  yield* within(probe.terminationGracePeriodSeconds, 1, Infinity, [...path, "terminationGracePeriodSeconds"]);
  if (name === "readinessProbe") {
    if (probe.terminationGracePeriodSeconds !== undefined)
      yield { path: [...path, "terminationGracePeriodSeconds"], message: "doesn't go with a readinessProbe: take it out" };
  } else if (![undefined, 0, 1].includes(probe.successThreshold))
    yield { path: [...path, "successThreshold"], message: `is ${probe.successThreshold}: must be 1 in a ${name}` };
}

/** What is wrong with what is done when a container starts and ends. `grace`: the seconds that it is given to end. */
export function* lifecycleProblems(lifecycle: Lifecycle, grace: number, path: Path): Generator<Problem> {
  for (const moment of ["postStart", "preStop"] as const)
    if (lifecycle[moment]) yield* handlerProblems(lifecycle[moment], ofLifecycle, grace, [...path, moment]);
  if (lifecycle.stopSignal !== undefined)
    yield {
      path: [...path, "stopSignal"],
      message: "takes a pod whose os is given, and a feature of Kubernetes that is off by default: take it out",
    };
}

function* handlerProblems(handler: Handler, kinds: readonly string[], grace: number, path: Path): Generator<Problem> {
  yield* justOne(handler, kinds, path);
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (exec && (exec.command ?? []).length === 0) yield { path: [...path, "exec", "command"], message: "is missing: give it" };
  if (httpGet) {
    yield* oneOf(httpGet.scheme || undefined, ["HTTP", "HTTPS"], [...path, "httpGet", "scheme"]);
    for (const [index, { name = "" }] of (httpGet.httpHeaders ?? []).entries())
      if (!/^[-A-Za-z0-9]+$/.test(name))
        yield {
          path: [...path, "httpGet", "httpHeaders", index, "name"],
          message: `is ${JSON.stringify(name)}: must be letters, digits and dashes`,
        };
  }
  for (const [kind, asked] of Object.entries({ httpGet, tcpSocket, grpc })) {
    if (asked === undefined) continue;
    const at = [...path, kind, "port"];
    const wanted = asked.port === undefined ? undefined : port(asked.port);
    if (asked.port === undefined) yield* required(undefined, at);
    else if (wanted !== undefined) yield { path: at, message: `is ${JSON.stringify(asked.port)}: must be ${wanted}` };
  }
  if (sleep) yield* within(sleep.seconds ?? 0, 0, grace, [...path, "sleep", "seconds"]);
}
