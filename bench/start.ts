import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar";
import { buildRelease } from "../scripts/release/build.ts";
import { archiveOf, executable } from "../scripts/release/executables.ts";
import { platforms, thisPlatform } from "../scripts/release/platform.ts";
import { manifestOf, root } from "../scripts/release/release.ts";
import { medianStart } from "./starts.ts";
import { report, type Row } from "./table.ts";

/** What the built command line takes to start, beside a Node that does nothing. */
export async function startBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-start-"));
  try {
    report("start", await rows(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function rows(folder: string): Promise<Row[]> {
  const release = join(folder, "dist");
  await buildRelease(release);
  const platform = platforms.find((one) => one === thisPlatform);
  if (platform !== undefined) await extract({ file: join(release, archiveOf(platform, manifestOf(".").version)), cwd: folder });
  const role = join(folder, "role.yaml");
  writeFileSync(role, JSON.stringify([{ apiGroups: [""], resources: ["secrets", "pods"], verbs: ["get", "list", "create"] }]));
  const env = { ...process.env, PLIMSOLL_CACHE: join(folder, "cache") };
  const node = [process.execPath];
  const installed = [process.execPath, join(release, "npm/cli/plimsoll.mjs")];
  const alone = [join(folder, executable)];
  const source = [process.execPath, join(root, "packages/cli/bin/plimsoll.mjs")];

  const base = await medianStart([...node, "-e", "0"], env);
  const version = ["--version"];
  const risks = ["permissions", "risks", role];
  const help = ["permissions", "--help"];
  const allows = ["permissions", "allows", "--rules", role, "--verb", "get", "--resource", "pods"];
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
    ...(await measured("plimsoll --version", [...installed, ...version], 80)),
    ...(await measured("plimsoll permissions risks FILE", [...installed, ...risks], 150)),
    ...(await measured("plimsoll permissions --help", [...installed, ...help])),
    ...(await measured("plimsoll permissions allows", [...installed, ...allows])),
    ...(await measured("the executable: --version", [...alone, ...version])),
    ...(await measured("the executable: permissions risks FILE", [...alone, ...risks])),
    ...(await measured("from source: --version", [...source, ...version])),
    ...(await measured("from source: permissions risks FILE", [...source, ...risks])),
  ];
}
