import { parseArgs } from "node:util";
import { buildable, platforms, type Platform } from "./platform.ts";

/** The command line was wrong: says which option, and the way out. */
export class UsageError extends Error {}

/** What a release is built in, in this order: a later one takes what an earlier one made. */
export const stepNames = ["npm", "executables", "krew", "chart", "manifest", "images", "sbom", "checksums"] as const;

export type StepName = (typeof stepNames)[number];

export const usage = `Usage: npm run release -- [OPTIONS]

Builds what is released: npm packages, executables, krew's manifest, the Helm chart, the same as one YAML file, images, an SBOM
and checksums. Publishes nothing.

  --out DIR          the folder that it is built into; what it held of another release goes (default: dist)
  --base-url URL     where people will download the files from (default: https://plimsoll.dev/releases/vVERSION)
  --platforms LIST   what executables are built for, as in linux-amd64,linux-arm64
                     (default: all that can be built here: ${buildable.join(", ")})
  --without LIST     leaves out some of ${stepNames.join(",")}; images take longest
  -h, --help         print this
`;

export interface Options {
  out: string;
  baseUrl: string | undefined;
  platforms: readonly Platform[];
  without: readonly StepName[];
}

/** Throws a UsageError that names the option. */
export function parseOptions(args: readonly string[]): Options | "help" {
  const type = "string" as const;
  const options = {
    out: { type, default: "dist" },
    "base-url": { type },
    platforms: { type, default: buildable.join(",") },
    without: { type },
    help: { type: "boolean", short: "h" },
  } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
  if (values.help) return "help";
  const { "base-url": baseUrl } = values;
  if (baseUrl !== undefined && !(URL.parse(baseUrl)?.protocol === "https:"))
    throw new UsageError(`--base-url ${baseUrl}: krew takes an https:// address`);
  const without = values.without?.split(",").map(stepOf) ?? [];
  return { out: values.out, baseUrl, platforms: values.platforms.split(",").map(platformOf), without };
}

function stepOf(name: string): StepName {
  const known = stepNames.find((one) => one === name);
  if (known === undefined) throw new UsageError(`--without ${name}: give some of ${stepNames.join(", ")}`);
  return known;
}

function platformOf(name: string): Platform {
  const known = platforms.find((one) => one === name);
  if (known === undefined) throw new UsageError(`--platforms ${name}: give some of ${platforms.join(", ")}`);
  if (!buildable.includes(known))
    throw new UsageError(`--platforms ${name}: macOS runs only what is signed, which takes a Mac: build it there`);
  return known;
}
