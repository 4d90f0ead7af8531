import { View, type Occurrence } from "@plimsoll/kube";
import { Registry } from "prom-client";
import { config } from "../config.ts";
import type { RightSizingRuntime } from "../permissions.ts";
import { RightSizingController } from "../run/controller.ts";
import type { Server } from "./server.ts";

/** A controller that leads once it is elected; `given`: its configuration; `kill` ends it in the midst, with nothing more written. */
export async function controllerOn(
  server: Server,
  elected = Promise.resolve(),
  given: object = {},
): Promise<{ kill: () => Promise<void>; stop: () => Promise<void>; metrics: Registry; retried: string[]; told: Occurrence[] }> {
  const { clock } = server;
  const end = new AbortController();
  const metrics = new Registry();
  const views = new Map<string, View<never>>();
  const retried: string[] = [];
  const told: Occurrence[] = [];
  let isDead = false;
  const patch: Server["patch"] = async (ref, body) => {
    if (isDead) throw new Error("it is dead");
    return server.patch(ref, body);
  };
  const nothing = () => {};
  const runtime = {
    client: () => ({ list: () => server.list(), patch }),
    view: (resource: string, wanted: object) => {
      const view = new View<never>({ ...wanted, onError: console.error, clock } as never);
      views.set(resource, view);
      return view;
    },
    synced: () => Promise.all([...views.values()].map(({ synced }) => synced)),
    elected,
    namespaces: undefined,
    signal: end.signal,
    clock,
    metrics,
    events: { record: (occurrence: Occurrence) => told.push(occurrence) },
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    retried: (what: string) => retried.push(what),
  };
  const controller = new RightSizingController(runtime as unknown as RightSizingRuntime, config.parse(given));
  const running = controller.run();
  const stop = async (): Promise<void> => {
    end.abort();
    await running;
  };
  for (const [resource, view] of views) await server.fill(resource, view);
  const kill = (): Promise<void> => {
    isDead = true;
    return stop();
  };
  return { kill, stop, metrics, retried, told };
}
