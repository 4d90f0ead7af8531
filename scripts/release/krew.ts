import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { sha256Of } from "./checksums.ts";
import { archiveOf, executable } from "./executables.ts";
import { manifestOf, type Release } from "./release.ts";

/** Writes the manifest by which krew installs `kubectl plimsoll` (https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/). */
export async function krewManifest({ folder, version, baseUrl, platforms }: Release): Promise<void> {
  const manifest = {
    apiVersion: "krew.googlecontainertools.github.com/v1alpha2",
    kind: "Plugin",
    metadata: { name: "plimsoll" },
    spec: {
      version: `v${version}`,
      homepage: manifestOf(".").homepage,
      shortDescription: "Run pipelines, and ask what RBAC roles permit",
      description:
        "Runs and follows Plimsoll's pipelines, and answers questions about RBAC of any cluster or file:\nwho can do what, what an attacker does with a role, and which role would be the least.\n",
      platforms: platforms.map((platform) => {
        const [os, arch] = platform.split("-");
        const archive = archiveOf(platform, version);
        return {
          selector: { matchLabels: { os, arch } },
          uri: `${baseUrl}/${archive}`,
          sha256: sha256Of(join(folder, archive)),
          bin: executable,
          files: [executable, "LICENSE", "THIRD-PARTY-LICENSES.txt", "NODE-LICENSE.txt"].map((from) => ({ from, to: "." })),
        };
      }),
    },
  };
  mkdirSync(join(folder, "krew"));
  writeFileSync(join(folder, "krew", "plimsoll.yaml"), stringify(manifest, { lineWidth: 0 }));
}
