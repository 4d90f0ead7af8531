import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { startComputeEngine } from "../../testing/compute-engine.ts";
import { openCloud } from "../open.ts";

const [project, zone] = ["project-1", "europe-west1-b"];
const [there, gone] = [`gce://${project}/${zone}/node-1`, `gce://${project}/${zone}/node-none`];

/** What is said by who has a ServiceAccount's token and the file that says where it is exchanged, as a cluster has them that isn't GKE. */
async function machines(shown: string) {
  const engine = await startComputeEngine(project);
  engine.instances.set(`${zone}/node-1`, "RUNNING");
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-token-"));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
    await engine.stop();
  });
  writeFileSync(join(folder, "token"), shown);
  const configuration = {
    type: "external_account",
    audience: engine.federation.audience,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${engine.endpoint}/v1/token`,
    credential_source: { file: join(folder, "token") },
  };
  writeFileSync(join(folder, "configuration.json"), JSON.stringify(configuration));
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", join(folder, "configuration.json"));
  const cloud = await openCloud({ provider: "gcp", project, zones: [zone], endpoint: engine.endpoint });
  return { verdicts: await cloud.machines([there, gone], new AbortController().signal), asked: engine.asked };
}

test("a ServiceAccount's token is all that it takes, where a pool of workload identities trusts it", async () => {
  const { verdicts } = await machines("a.token");
  expect(verdicts.get(there)).toEqual({ state: "exists" });
  expect(verdicts.get(gone)).toMatchObject({ state: "gone" });
});

test("where no pool trusts it, the machines aren't asked for, and nothing is said", async () => {
  const { verdicts, asked } = await machines("another.token");
  const why = expect.stringContaining("invalid_grant: The subject_token is not valid.") as string;
  for (const id of [there, gone]) expect(verdicts.get(id)).toEqual({ state: "unsure", why });
  expect(asked).toEqual([]);
});
