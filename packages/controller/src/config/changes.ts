import { formatPath, valueAt, type Path } from "@plimsoll/api";
import { isDeepStrictEqual } from "node:util";
import { keysOf } from "./keys.ts";
import type { Config, ConfigSchema } from "./schema.ts";

/** How a configuration differs from the one in force. Keys are written as in `features.pipelines.podQPS`. */
export interface Changes {
  /** What is in force once the live keys are taken. */
  config: Config;
  /** The keys that can be taken while the controller works. */
  live: string[];
  /** The keys that can't: a restart takes them. */
  restart: string[];
}

/** What `next` changes in the configuration that is in force. */
export function changesOf(schema: ConfigSchema, inForce: Config, next: Config): Changes {
  const changed = keysOf(schema).filter(({ path }) => !isDeepStrictEqual(valueAt(inForce, path), valueAt(next, path)));
  const live = changed.filter((key) => key.live);
  const config = structuredClone(inForce);
  for (const { path } of live) setAt(config, path, valueAt(next, path));
  return {
    config,
    live: live.map(({ path }) => formatPath(path)),
    restart: changed.filter((key) => !key.live).map(({ path }) => formatPath(path)),
  };
}

function setAt(config: Config, path: Path, value: unknown): void {
  const section = valueAt(config, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof section === "object" && section !== null && key !== undefined) Reflect.set(section, key, value);
}
