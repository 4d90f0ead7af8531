import { chmod, cp, mkdir, readlink, lstat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A folder that becomes a layer; the modes in it don't depend on the umask. */
export class Tree {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  async folder(path: string, mode = 0o755): Promise<void> {
    if (path !== "." && path !== "/") await this.folder(dirname(path));
    await mkdir(join(this.root, path), { recursive: true });
    await chmod(join(this.root, path), mode);
  }

  async write(path: string, contents: string | Uint8Array, mode = 0o644): Promise<void> {
    await this.folder(dirname(path));
    await writeFile(join(this.root, path), contents);
    await chmod(join(this.root, path), mode);
  }

  /** Copies a file, or a symbolic link as it is. A program stays one. */
  async copy(path: string, from: string): Promise<void> {
    await this.folder(dirname(path));
    const to = join(this.root, path);
    const found = await lstat(from);
    if (found.isSymbolicLink()) return symlink(await readlink(from), to);
    await cp(from, to);
    await chmod(to, (found.mode & 0o111) === 0 ? 0o644 : 0o755);
  }
}
