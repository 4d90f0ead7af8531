import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../folders.ts";
import { run } from "../host/run.ts";
import { writeArchive } from "./archive.ts";

/** A tar with the images "busybox", of the machine's static busybox with all its commands, and "pause", which holds a pod. */
export async function busyboxArchive(): Promise<string> {
  const archive = join(cacheFolder(), "images/busybox.tar");
  if (existsSync(archive)) return archive;
  const root = await mkdtemp(join(tmpdir(), "plimsoll-busybox-"));
  try {
    await chmod(root, 0o755);
    for (const folder of ["bin", "etc", "root", "home", "usr", "var", "tmp"]) await mkdir(join(root, folder));
    await chmod(join(root, "tmp"), 0o1777);
    await symlink("../bin", join(root, "usr/bin"));
    await writeFile(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
    await writeFile(join(root, "etc/group"), "root:x:0:\nnobody:x:65534:\n");
    await copyFile("/bin/busybox", join(root, "bin/busybox"));
    const commands = (await run("/bin/busybox", ["--list"])).trim().split("\n");
    await Promise.all(commands.filter((name) => name !== "busybox").map((name) => symlink("busybox", join(root, "bin", name))));
    await writeArchive(archive, [
      { name: "busybox:latest", config: { Cmd: ["sh"] }, layers: [root] },
      { name: "pause:latest", config: { Entrypoint: ["/bin/busybox", "sleep", "2147483647"] }, layers: [root] },
    ]);
    return archive;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
