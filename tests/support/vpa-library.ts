import type { Range } from "@plimsoll/model/sizing";
import { execFile, spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const source = fileURLToPath(new URL("../vpa-go", import.meta.url));

/** What VerticalPodAutoscaler's own library makes of samples, as a program that is built from its Go module. CPU in thousandths of a core, memory in bytes. */
export class VpaLibrary {
  readonly #program: ChildProcessWithoutNullStreams;
  readonly #folder: string;
  readonly #lines: AsyncIterator<string>;
  #said: string[] = [];

  private constructor(folder: string, program: ChildProcessWithoutNullStreams) {
    this.#folder = folder;
    this.#program = program;
    this.#lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  }

  static async start(): Promise<VpaLibrary> {
    const folder = await mkdtemp(join(tmpdir(), "plimsoll-vpa-"));
    const program = join(folder, "vpa-go");
    await promisify(execFile)("go", ["-C", source, "build", "-o", program, "."], { env: { ...process.env, GOTOOLCHAIN: "auto" } });
    return new VpaLibrary(folder, spawn(program, { stdio: ["pipe", "pipe", "pipe"] }));
  }

  /** What an instance (a pod) of a container used. No name has a space in it. */
  sample(container: string, instance: string, at: number, cpu: number, memory: number): void {
    this.#said.push(`sample ${container} ${instance} ${at} ${cpu} ${memory}`);
  }

  /** An instance was killed for want of memory, with such a request. */
  oom(container: string, instance: string, at: number, request: number): void {
    this.#said.push(`oom ${container} ${instance} ${at} ${request}`);
  }

  /** What it recommends for each of these containers, by all that was said. */
  async estimates(containers: readonly string[]): Promise<{ cpu: Range; memory: Range }[]> {
    const answers = await this.#ask(containers.map((container) => `estimate ${container}`));
    return answers.map(([target = NaN, lower = NaN, upper = NaN, ...memory]) => ({
      cpu: { target, lower, upper },
      memory: { target: memory[0] ?? NaN, lower: memory[1] ?? NaN, upper: memory[2] ?? NaN },
    }));
  }

  async stop(): Promise<void> {
    this.#program.stdin.end();
    this.#program.kill();
    await rm(this.#folder, { recursive: true });
  }

  async #ask(questions: readonly string[]): Promise<number[][]> {
    this.#program.stdin.write(`${[...this.#said, ...questions, "."].join("\n")}\n`);
    this.#said = [];
    const answers: number[][] = [];
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done === true) throw new Error("vpa-go has ended");
      if (value === ".") return answers;
      answers.push(value.trim().split(" ").map(Number));
    }
  }
}
