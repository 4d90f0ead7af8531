import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { extract } from "tar";
import { archiveOf, executable } from "../scripts/release/executables.ts";
import { platforms, thisPlatform } from "../scripts/release/platform.ts";
import { manifestOf, root } from "../scripts/release/release.ts";
import { report, type Row } from "./table.ts";

const times = 21;

/** A process from its start to its end, in milliseconds; `cpu` is user and system time. */
interface Start {
  wall: number;
  cpu: number;
}

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
  execFileSync(process.execPath, ["scripts/release/main.ts", "--out", release, "--platforms", thisPlatform], { cwd: root });
  const platform = platforms.find((one) => one === thisPlatform);
  if (platform !== undefined) await extract({ file: join(release, archiveOf(platform, manifestOf(".").version)), cwd: folder });
  const role = join(folder, "role.yaml");
  writeFileSync(role, JSON.stringify([{ apiGroups: [""], resources: ["secrets", "pods"], verbs: ["get", "list", "create"] }]));
  const env = { ...process.env, PLIMSOLL_CACHE: join(folder, "cache") };
  const node = [process.execPath];
  const installed = [process.execPath, join(release, "npm/cli/plimsoll.mjs")];
  const alone = [join(folder, executable)];
  const source = [process.execPath, join(root, "packages/cli/bin/plimsoll.mjs")];

  const base = await median([...node, "-e", "0"], env);
  const version = ["--version"];
  const risks = ["permissions", "risks", role];
  const help = ["permissions", "--help"];
  const allows = ["permissions", "allows", "--rules", role, "--verb", "get", "--resource", "pods"];
  const measured = async (what: string, command: readonly string[], most?: number): Promise<Row[]> => {
    const { wall, cpu } = await median(command, env);
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

/** The first start, which fills the cache of compiled modules, doesn't count. */
async function median(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Start> {
  await start(command, env);
  const starts: Start[] = [];
  for (let i = 0; i < times; i += 1) starts.push(await start(command, env));
  const middle = (of: keyof Start): number => starts.map((one) => one[of]).toSorted((a, b) => a - b)[times >> 1] ?? Number.NaN;
  return { wall: middle("wall"), cpu: middle("cpu") };
}

/** The shell's `times` says what its children took, whatever they run: a single executable takes no flags of Node's. */
async function start(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Start> {
  const started = performance.now();
  const child = spawn("bash", ["-c", 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>&1', "bash", ...command], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [told] = await Promise.all([text(child.stderr), once(child, "close")]);
  const [user = Number.NaN, system = Number.NaN] = told.trim().split(" ").map(Number);
  return { wall: performance.now() - started, cpu: (user + system) * 1000 };
}
