import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const module = "github.com/prometheus-operator/prometheus-operator@v0.85.0";
const sum = "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=";

/** The files of the Prometheus operator's CRDs of these plurals, from its Go module, which Go keeps in its cache. */
export async function operatorCrds(...plurals: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", module], { cwd: tmpdir() });
  const { Dir, Sum } = JSON.parse(stdout) as { Dir: string; Sum: string };
  if (Sum !== sum) throw new Error(`${module} has the checksum ${Sum} in place of ${sum}`);
  return plurals.map((plural) => join(Dir, "example/prometheus-operator-crd", `monitoring.coreos.com_${plural}.yaml`));
}
