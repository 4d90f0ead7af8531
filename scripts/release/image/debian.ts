import { cacheFolder } from "@plimsoll/cluster";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import versions from "../../../image/versions.json" with { type: "json" };
import { once } from "../once.ts";
import type { Architecture } from "./architecture.ts";
import type { Tree } from "./tree.ts";

const run = promisify(execFile);

const { suite, packages } = versions.debian;

/** What programs run with: shared libraries, licences, and what tells scanners of vulnerabilities which packages these are of. */
const needed = [
  /^(usr\/)?lib(64|\/[^/]+)?\/[^/]+\.so[^/]*$/,
  /^usr\/share\/doc\/[^/]+\/copyright$/,
  /^usr\/share\/common-licenses\//,
  /os-release$/,
];

/** Puts Debian's shared libraries and certificate authorities into a layer. `fresh`: asks the mirror, though the cache has some. */
export async function addLibraries(tree: Tree, architecture: Architecture, { fresh = false } = {}): Promise<void> {
  const folder = join(cacheFolder(), "debian", `${suite}-${architecture}-${hash(packages.join())}`);
  if (fresh) await rm(folder, { recursive: true, force: true });
  await once(folder, (scratch) => download(scratch, architecture));
  for (const name of (await readdir(folder)).toSorted()) {
    const files = await readdir(join(folder, name, "root"), { recursive: true, withFileTypes: true });
    const paths = files
      .filter((file) => !file.isDirectory())
      .map((file) => join(file.parentPath, file.name).slice(join(folder, name, "root/").length));
    for (const path of paths.filter((path) => needed.some((pattern) => pattern.test(path))).toSorted())
      await tree.copy(path, join(folder, name, "root", path));
    await tree.copy(`var/lib/dpkg/status.d/${name}`, join(folder, name, "control"));
  }
  await tree.write("etc/ssl/certs/ca-certificates.crt", await authorities(join(folder, "ca-certificates/root/usr/share/ca-certificates")));
}

/** As `update-ca-certificates` writes them: all that Mozilla trusts, in one file. */
async function authorities(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".crt")).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return texts.map((text) => `${text.trim()}\n`).join("");
}

/**
 * Fills `folder` with a folder a package: `root`, what it installs, and `control`, what it says of itself. apt checks them by Debian's signatures;
 * its lists of packages are its own here, since those of the machine are of one architecture, and take root to be renewed.
 */
async function download(folder: string, architecture: Architecture): Promise<void> {
  for (const part of ["apt/lists/partial", "apt/cache/archives/partial"]) await mkdir(join(folder, part), { recursive: true });
  const keyring = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";
  const sources = [`debian ${suite}`, `debian ${suite}-updates`, `debian-security ${suite}-security`];
  await writeFile(
    join(folder, "apt/sources.list"),
    sources.map((source) => `deb ${keyring} http://deb.debian.org/${source} main\n`).join(""),
  );
  const settings = {
    "APT::Architecture": architecture,
    "APT::Architectures": architecture,
    "APT::Sandbox::User": "", // The folder is this user's own.
    "Dir::State::lists": join(folder, "apt/lists"),
    "Dir::State::status": "/dev/null",
    "Dir::Cache": join(folder, "apt/cache"),
    "Dir::Etc::sourcelist": join(folder, "apt/sources.list"),
    "Dir::Etc::sourceparts": "/dev/null",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const apt = (...args: string[]) => run("apt-get", [...options, "-qq", ...args], { cwd: join(folder, "apt"), timeout: 300_000 });
  await apt("update");
  await apt("download", ...packages);
  // As in libc6_2.36-9+deb12u14_arm64.deb.
  for (const file of (await readdir(join(folder, "apt"))).filter((name) => name.endsWith(".deb"))) {
    const [name = ""] = file.split("_");
    await mkdir(join(folder, name));
    await run("dpkg-deb", ["-x", join(folder, "apt", file), join(folder, name, "root")]);
    const { stdout } = await run("dpkg-deb", ["-f", join(folder, "apt", file)]);
    await writeFile(join(folder, name, "control"), stdout);
  }
  await rm(join(folder, "apt"), { recursive: true });
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
