import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

const times = 21;

/** A process from its start to its end, in milliseconds; `cpu` is user and system time. */
interface Start {
  wall: number;
  cpu: number;
}

/** What a command takes, of 21 times. The first start, which fills the cache of compiled modules, doesn't count. */
export async function medianStart(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Start> {
  const [median] = await medianStarts([command], env);
  return median ?? { wall: Number.NaN, cpu: Number.NaN };
}

/** The same of several commands that take turns, as a machine is faster at one time than at another. */
export async function medianStarts(commands: readonly (readonly string[])[], env: NodeJS.ProcessEnv): Promise<Start[]> {
  const starts = commands.map((command) => ({ command, of: [] as Start[] }));
  for (let i = 0; i <= times; i += 1)
    for (const { command, of } of starts) {
      const one = await start(command, env);
      if (i > 0) of.push(one);
    }
  return starts.map(({ of }) => {
    const middle = (what: keyof Start): number => of.map((one) => one[what]).toSorted((a, b) => a - b)[times >> 1] ?? Number.NaN;
    return { wall: middle("wall"), cpu: middle("cpu") };
  });
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
