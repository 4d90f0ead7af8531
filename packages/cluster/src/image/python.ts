import type { OnProgress } from "../command/progress.ts";
import { debianArchive } from "./debian.ts";

/** A tar with the image "python-sklearn": Debian with Python 3 and scikit-learn. */
export async function pythonArchive(onProgress: OnProgress): Promise<string> {
  const config = { Cmd: ["python3"], Env: ["PYTHONDONTWRITEBYTECODE=1"] };
  return debianArchive({ name: "python-sklearn", packages: ["python3-sklearn"], config }, onProgress);
}
