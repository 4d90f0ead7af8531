import { satisfies, gt, rcompare, valid, validRange } from "semver";
import * as z from "zod";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be a digest, as in sha256: and 64 hexadecimal digits");

/** One release: its chart, which names the images that it runs. */
const release = z.object({
  version: z.string().refine((text) => valid(text) === text, "must be a semantic version, as in 0.2.0"),
  channel: z.enum(["stable", "candidate"]),
  date: z.iso.datetime(),
  chart: z.object({ url: z.url({ protocol: /^https?$/ }), digest }),
});

/** The list of releases. Its signature is over the bytes of the file, so that nothing of it is read before it is known to be ours. */
export const releaseIndex = z.object({
  apiVersion: z.literal("plimsoll.dev/releases/v1"),
  /** Grows with each list: who shows an older one is refused. */
  serial: z.int().min(1),
  /** From then on the list is refused: who keeps showing it would keep new releases back. */
  expires: z.iso.datetime(),
  releases: z.array(release),
});

export type ReleaseIndex = z.output<typeof releaseIndex>;
export type Release = z.output<typeof release>;

/** Which releases count. */
export interface Wanted {
  channel: Release["channel"];
  /** A range of versions; empty: all. */
  constraint: string;
  /** The digest of the one chart; empty: any. */
  pin: string;
}

export function isRange(text: string): boolean {
  return validRange(text) !== null;
}

/** The newest release that is wanted and newer than the present version; undefined: there is none. */
export function newest(releases: readonly Release[], present: string, { channel, constraint, pin }: Wanted): Release | undefined {
  // Who takes candidates takes what they lead to, too.
  const candidates = channel === "candidate";
  return releases
    .filter((one) => candidates || one.channel === "stable")
    .filter(({ version }) => gt(version, present))
    .filter(({ version }) => constraint === "" || satisfies(version, constraint, { includePrerelease: candidates }))
    .filter(({ chart }) => pin === "" || chart.digest === pin)
    .toSorted((a, b) => rcompare(a.version, b.version))[0];
}
