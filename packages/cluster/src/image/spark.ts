import { appendFile, chmod, cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "@plimsoll/kube";
import { ClusterError } from "../failure.ts";
import { installPackages } from "../host/machine.ts";
import type { OnProgress } from "../command/progress.ts";
import { run } from "../host/run.ts";
import { debianArchive } from "./debian.ts";
import { entrypoint } from "./spark-entrypoint.ts";

/** PyPI's package holds all of Spark, with what it needs to make executors on Kubernetes. */
const requirement = "pyspark==4.3.0 --hash=sha256:e8c517948eff7088a7aa07449aa8eafa4a15a8d50319de2525a6fd26622476c6\n";

const home = "opt/spark";

/** The user that Spark's own images run as. */
const user = 185;

/** A tar with the image "spark": Debian with a JRE, Python 3 and Spark, which runs drivers and executors as Spark's own images do. */
export async function sparkArchive(onProgress: OnProgress): Promise<string> {
  return debianArchive(
    {
      name: "spark",
      packages: ["openjdk-17-jre-headless", "python3", "procps"],
      config: {
        Entrypoint: ["/opt/entrypoint.sh"],
        Env: ["SPARK_HOME=/opt/spark", "PYSPARK_PYTHON=python3", "PYTHONDONTWRITEBYTECODE=1"],
        User: String(user),
        WorkingDir: `/${home}/work-dir`,
      },
      finish: addSpark,
    },
    onProgress,
  );
}

async function addSpark(root: string, onProgress: OnProgress): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "plimsoll-pyspark-"));
  try {
    const list = join(scratch, "requirements.txt");
    await writeFile(list, requirement);
    const python = await withPip(onProgress);
    const site = join(scratch, "site");
    await run(python, ["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", site, "--requirement", list]).catch(
      (error: unknown) => {
        throw new ClusterError(`pip could not get Spark from PyPI: ${messageOf(error)}`, { cause: error });
      },
    );
    await mkdir(join(root, "opt"), { recursive: true });
    await move(join(site, "pyspark"), join(root, home));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  await mkdir(join(root, home, "work-dir"));
  await chmod(join(root, home, "work-dir"), 0o1777);
  await appendFile(join(root, "etc/passwd"), `spark:x:${user}:${user}:spark:/tmp:/bin/false\n`);
  await appendFile(join(root, "etc/group"), `spark:x:${user}:\n`);
  await writeFile(join(root, "opt/entrypoint.sh"), entrypoint, { mode: 0o755 });
}

async function withPip(onProgress: OnProgress): Promise<string> {
  const works = await run("python3", ["-m", "pip", "--version"]).then(
    () => true,
    () => false,
  );
  if (!works) await installPackages(["python3-pip"], "building the image of Spark", onProgress);
  return "python3";
}

/** Also to another file system. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch {
    await cp(from, to, { recursive: true });
  }
}
