// Makes and signs the list of releases that the updater reads. --help says how.
import { createHash, createPrivateKey } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { messageOf } from "@plimsoll/kube";
import { releaseIndex, signIndex, type Release, type ReleaseIndex } from "@plimsoll/updater";

const usage = `Usage: node_modules/.bin/node scripts/release/index.ts --chart FILE --version VERSION --url URL --key FILE --out FILE [options]

Adds a release to the list of releases, and signs it: writes FILE and FILE.sig. Publish the list and its signature after the chart.

  --chart FILE       the chart, as \`npm run release\` or \`helm package\` has made it
  --version VERSION  of it
  --url URL          where it will be
  --channel CHANNEL  stable or candidate (default: stable)
  --key FILE         the Ed25519 private key, in PEM: \`openssl genpkey -algorithm ed25519 -out FILE\` makes one
  --out FILE         the list as it is published: what stands in it stays, and the serial grows. Only the first time it need not be there
  --days DAYS        how long the list is good (default: 90): a newer one must be published before
`;

/** A list with one release more, in place of one of the same version; signed anew it is good until `expires`. */
export function withRelease(before: ReleaseIndex | undefined, release: Release, expires: Date): ReleaseIndex {
  const others = (before?.releases ?? []).filter(({ version }) => version !== release.version);
  return releaseIndex.parse({
    apiVersion: "plimsoll.dev/releases/v1",
    serial: (before?.serial ?? 0) + 1,
    expires: expires.toISOString(),
    releases: [...others, release],
  });
}

function main(args: string[]): void {
  const { chart, version, url, channel, key, out, days, help } = parseArgs({
    args,
    options: {
      chart: { type: "string" },
      version: { type: "string" },
      url: { type: "string" },
      channel: { type: "string", default: "stable" },
      key: { type: "string" },
      out: { type: "string" },
      days: { type: "string", default: "90" },
      help: { type: "boolean", default: false },
    },
  }).values;
  if (help) return void process.stdout.write(usage);
  if (chart === undefined || version === undefined || url === undefined || key === undefined || out === undefined)
    throw new Error("--chart, --version, --url, --key and --out are needed: --help says what they are");
  const digest = `sha256:${createHash("sha256").update(readFileSync(chart)).digest("hex")}`;
  const before = previous(out);
  const now = new Date();
  const release = { version, channel, date: now.toISOString(), chart: { url, digest } } as Release;
  const index = withRelease(before, release, new Date(now.getTime() + Number(days) * 86_400_000));
  const bytes = Buffer.from(`${JSON.stringify(index, null, 2)}\n`);
  writeFileSync(out, bytes);
  writeFileSync(`${out}.sig`, `${signIndex(bytes, createPrivateKey(readFileSync(key)))}\n`);
  console.log(`${out}: serial ${index.serial}, good until ${index.expires}, ${index.releases.length} releases`);
}

function previous(file: string): ReleaseIndex | undefined {
  return existsSync(file) ? releaseIndex.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

if (import.meta.main) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`error: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
