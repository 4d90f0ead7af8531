import { parseDuration } from "@plimsoll/api";
import { readAs, textOf } from "@plimsoll/controller/config";
import { autoUpdateKeys } from "@plimsoll/controller/installation";
import * as z from "zod";
import { isRange } from "./releases/release-index.ts";
import { keyFault } from "./releases/signature.ts";

/** The updater's configuration file, as the chart writes it from its values. */
export const updaterConfig = z.strictObject({
  release: z.string().min(1).meta({ description: "The name of the Helm release." }),
  namespace: z.string().min(1).meta({ description: "Where it is." }),
  index: autoUpdateKeys.index,
  publicKeys: z
    .array(
      z.string().superRefine((key, context) => {
        const fault = keyFault(key);
        if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
      }),
    )
    .min(1, "name at least one key: without it, anybody's list would do"),
  channel: autoUpdateKeys.channel,
  constraint: autoUpdateKeys.constraint.refine(isRange, "must be a range of versions, as in ~0.1 or >=0.2 <1"),
  pin: autoUpdateKeys.pin,
  window: z.strictObject({ duration: autoUpdateKeys.window.duration }).prefault({}),
  healthTimeout: autoUpdateKeys.healthTimeout,
  escalate: autoUpdateKeys.escalate,
});

export type UpdaterConfig = z.output<typeof updaterConfig>;

/** Throws a ConfigError that names the file, the line and the field. */
export async function loadUpdaterConfig(file: string): Promise<UpdaterConfig> {
  return readAs(updaterConfig, await textOf(file), file);
}

export function durationsOf({ window, healthTimeout }: UpdaterConfig): { window: number; health: number } {
  return { window: parseDuration(window.duration), health: parseDuration(healthTimeout) };
}
