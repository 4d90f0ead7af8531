import { beforeEach, describe, expect, test, vi } from "vitest";
import { cloudCases } from "../../testing/cases.ts";
import { fault, notFound, startComputeEngine } from "../../testing/compute-engine.ts";
import { openCloud } from "../open.ts";

const project = "project-1";
const zones = ["europe-west1-b", "europe-west1-c"];
const engine = await startComputeEngine(project);
// On GKE, a pod's workload identity is a token of the metadata server's.
beforeEach(() => {
  vi.stubEnv("GCE_METADATA_HOST", engine.metadataHost);
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", undefined);
  vi.stubEnv("HOME", "/nonexistent");
  return () => vi.unstubAllEnvs();
});

const states = ["PROVISIONING", "STAGING", "RUNNING", "STOPPING", "SUSPENDING", "SUSPENDED", "REPAIRING", "TERMINATED"];
for (const state of states) engine.instances.set(`europe-west1-b/node-${state.toLowerCase()}`, state);
engine.instances.set("europe-west1-c/node-in-c", "RUNNING");

const open = async () => openCloud({ provider: "gcp", project, zones, endpoint: engine.endpoint });

describe("Compute Engine, as a server of ours plays it", () => {
  cloudCases(
    { open, asked: () => engine.asked, answer: (instead) => (engine.instead = instead === undefined ? undefined : () => instead) },
    {
      there: [
        ...states.map((state) => `gce://${project}/europe-west1-b/node-${state.toLowerCase()}`),
        `gce://${project}/europe-west1-c/node-in-c`,
      ],
      gone: [`gce://${project}/europe-west1-b/node-none`, `gce://${project}/europe-west1-b/node-in-c`],
      foreign: [
        ["", "names no machine of Compute Engine"],
        ["kind://docker/plimsoll/plimsoll-worker", "names no machine of Compute Engine"],
        ["aws:///eu-central-1a/i-0123456789abcdef0", "names no machine of Compute Engine"],
        [`gce://${project}/europe-west1-b/`, "names no machine of Compute Engine"],
        [`gce://${project}/europe-west1-b/node/../other`, "names no machine of Compute Engine"],
        [`gce://${project}/europe-west1-b/Node-none`, "names no machine of Compute Engine"],
        [`gce://${project}/europe-west1-b/node-none?`, "names no machine of Compute Engine"],
        ["gce://project-2/europe-west1-b/node-none", "is in the project project-2, and project-1 is configured"],
        [`gce://${project}/us-east1-b/node-none`, "is in the zone us-east1-b, and europe-west1-b, europe-west1-c are configured"],
      ],
      faults: [
        ["is throttled", fault(429, "Quota exceeded for quota metric 'Read requests'", "rateLimitExceeded"), "Quota exceeded"],
        [
          "is refused",
          fault(403, "Required 'compute.instances.get' permission", "forbidden"),
          "Required 'compute.instances.get' permission",
        ],
        ["fails", fault(503, "Backend error", "backendError"), "Backend error"],
        ["is of the project", notFound("projects/project-1"), "The resource 'projects/project-1' was not found"],
        ["is of another machine", notFound(`projects/${project}/zones/europe-west1-b/instances/other`), "instances/other' was not found"],
        ["is a proxy's 404", { status: 404, body: "<html>Not Found</html>" }, "Not Found"],
        ["is of somebody else", { status: 200, body: "<html>Sign in to the network</html>" }, "the answer is not about projects/project-1"],
        ["is empty", { status: 200, body: {} }, "the answer is not about projects/project-1"],
      ],
      names: {
        "node-running": "exists",
        "node-in-c": "exists",
        "node-terminated": "exists",
        "node-none": "gone",
        "node/../x": "unsure",
        Node: "unsure",
        "": "unsure",
      },
    },
  );

  test("one question is asked for each machine, and a name is asked for in each zone", async () => {
    engine.asked.length = 0;
    const cloud = await open();
    await cloud.machines(
      [`gce://${project}/europe-west1-b/node-none`, `gce://${project}/europe-west1-b/node-none`],
      new AbortController().signal,
    );
    expect(engine.asked).toEqual([`/compute/v1/projects/${project}/zones/europe-west1-b/instances/node-none`]);
    engine.asked.length = 0;
    await cloud.machineNamed("node-none", new AbortController().signal);
    expect(engine.asked).toHaveLength(2);
  });
});
