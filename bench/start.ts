import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar";
import { buildRelease } from "../scripts/release/build.ts";
import { archiveOf, executable } from "../scripts/release/executables.ts";
import { platforms, thisPlatform } from "../scripts/release/platform.ts";
import { manifestOf, root } from "../scripts/release/release.ts";
import { medianStart, medianStarts } from "./starts.ts";
import { checkoutOf } from "./checkout.ts";
import type { Flags } from "./engine/choice.ts";
import { report, type Row } from "./table.ts";

/** What the built command line takes to start, beside a Node that does nothing; or, with `base`, beside that commit's. */
export async function startBench({ base }: Flags): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-start-"));
  try {
    const role = join(folder, "role.yaml");
    writeFileSync(role, JSON.stringify([{ apiGroups: [""], resources: ["secrets", "pods"], verbs: ["get", "list", "create"] }]));
    await buildRelease(join(folder, "dist"));
    if (base === undefined) return report("start", await rows(folder, role));
    await buildRelease(join(folder, "base"), checkoutOf(base));
    report("start", await pairs(folder, role), `this checkout against ${base.slice(0, 10)}, in turns`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const commandsOn = (role: string) => ({
  version: ["--version"],
  risks: ["permissions", "risks", role],
  rootHelp: ["--help"],
  help: ["permissions", "--help"],
  allows: ["permissions", "allows", "--rules", role, "--verb", "get", "--resource", "pods"],
});

const installed = (release: string) => [process.execPath, join(release, "npm/cli/plimsoll.mjs")];

async function pairs(folder: string, role: string): Promise<Row[]> {
  const { rootHelp, help, allows, risks, version } = commandsOn(role);
  const env = { ...process.env, PLIMSOLL_CACHE: join(folder, "cache") };
  const rowsOf = async (what: string, args: readonly string[], most?: number): Promise<Row[]> => {
    const starts = await medianStarts(
      ["dist", "base"].map((release) => [...installed(join(folder, release)), ...args]),
      env,
    );
    const [ours = Number.NaN, theirs = Number.NaN] = starts.map(({ cpu }) => cpu);
    const ratio = ours / theirs;
    const aim = most === undefined ? {} : { aim: `≤ ${most}`, reached: ratio <= most };
    return [
      { what: `${what}: CPU, of the base's`, value: ratio, ...aim },
      { what: "  here", value: ours, unit: "ms" },
      { what: "  there", value: theirs, unit: "ms" },
    ];
  };
  return [
    ...(await rowsOf("plimsoll --version", version)),
    ...(await rowsOf("plimsoll --help", rootHelp)),
    ...(await rowsOf("plimsoll permissions --help", help, 0.6)),
    ...(await rowsOf("plimsoll permissions allows", allows, 0.6)),
    ...(await rowsOf("plimsoll permissions risks FILE", risks)),
  ];
}

async function rows(folder: string, role: string): Promise<Row[]> {
  const release = join(folder, "dist");
  const platform = platforms.find((one) => one === thisPlatform);
  if (platform !== undefined) await extract({ file: join(release, archiveOf(platform, manifestOf(".").version)), cwd: folder });
  const env = { ...process.env, PLIMSOLL_CACHE: join(folder, "cache") };
  const node = [process.execPath];
  const alone = [join(folder, executable)];
  const source = [process.execPath, join(root, "packages/cli/bin/plimsoll.mjs")];
  const program = installed(release);
  const { version, risks, rootHelp, help, allows } = commandsOn(role);

  const base = await medianStart([...node, "-e", "0"], env);
  const measured = async (what: string, command: readonly string[], most?: number): Promise<Row[]> => {
    const { wall, cpu } = await medianStart(command, env);
    const aim = most === undefined ? {} : { aim: `≤ ${most} ms`, reached: cpu <= most };
    return [
      { what: `${what}: CPU`, value: cpu, unit: "ms", ...aim },
      { what: "  times that of a bare node", value: cpu / base.cpu },
      { what: "  wall", value: wall, unit: "ms" },
    ];
  };
  return [
    { what: "node -e 0: CPU", value: base.cpu, unit: "ms" },
    { what: "  wall", value: base.wall, unit: "ms" },
    ...(await measured("plimsoll --version", [...program, ...version], 80)),
    ...(await measured("plimsoll permissions risks FILE", [...program, ...risks], 150)),
    ...(await measured("plimsoll --help", [...program, ...rootHelp])),
    ...(await measured("plimsoll permissions --help", [...program, ...help])),
    ...(await measured("plimsoll permissions allows", [...program, ...allows])),
    ...(await measured("the executable: --version", [...alone, ...version])),
    ...(await measured("the executable: permissions risks FILE", [...alone, ...risks])),
    ...(await measured("from source: --version", [...source, ...version])),
    ...(await measured("from source: permissions risks FILE", [...source, ...risks])),
  ];
}
