import type { Clock } from "@plimsoll/kube";
import { isDeepStrictEqual } from "node:util";
import { changesOf, type Changes } from "./changes.ts";
import { schema } from "./features.ts";
import { ConfigError, readConfig, textOf } from "./read.ts";
import type { Config } from "./schema.ts";

export interface ReloadOptions {
  file: string;
  /** The configuration that the controller was started with. */
  config: Config;
  clock: Clock;
  /** Ends the watch. */
  signal: AbortSignal;
  /** Told of a file that is valid and says something else than before. */
  onChange: (changes: Changes) => void;
  /** Told once of a file that is wrong or can't be read; what was in force stays. */
  onError: (error: ConfigError) => void;
}

/** Milliseconds from one look at the file to the next. */
const interval = 2_000;

/** Watches the configuration file until the signal aborts. */
export async function reloadConfig({ config, onChange, onError, ...options }: ReloadOptions): Promise<void> {
  let inForce = config;
  let said = config;
  for await (const look of looks(options)) {
    const next = look instanceof ConfigError ? look : attempt(() => readConfig(look, options.file));
    if (next instanceof ConfigError) onError(next);
    else if (!isDeepStrictEqual(next, said)) {
      said = next;
      const changes = changesOf(schema, inForce, next);
      inForce = changes.config;
      onChange(changes);
    }
  }
}

/**
 * The file's text, or why it can't be read, each time that it is another. The file is looked at, since a mounted ConfigMap is swapped as
 * a symbolic link, which events of the file system miss; and only what two looks in a row have found counts, so that nothing is taken
 * half-written, nor for gone while it is swapped.
 */
async function* looks({ file, clock, signal }: Pick<ReloadOptions, "file" | "clock" | "signal">): AsyncGenerator<string | ConfigError> {
  let last: string | ConfigError | undefined;
  let given: string | ConfigError | undefined;
  for (;;) {
    await clock.sleep(interval, signal).catch(() => {});
    if (signal.aborted) return;
    const look = await textOf(file).catch(asConfigError);
    const isSettled = isDeepStrictEqual(look, last);
    last = look;
    if (!isSettled || isDeepStrictEqual(look, given)) continue;
    given = look;
    yield look;
  }
}

function attempt<T>(read: () => T): T | ConfigError {
  try {
    return read();
  } catch (error) {
    return asConfigError(error);
  }
}

function asConfigError(error: unknown): ConfigError {
  if (error instanceof ConfigError) return error;
  throw error;
}
