import {
  DescribeInstancesCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type Instance,
} from "@aws-sdk/client-ec2";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { failure, inFrontOf, type Front } from "../../testing/front.ts";
import { startMoto, type Moto } from "../../testing/moto.ts";
import { serve, type Answer } from "../../testing/server.ts";
import { openCloud } from "../open.ts";
import { Instances } from "./instances.ts";

const region = "eu-central-1";
const account = "123456789012";
const unknown = "i-0123456789abcdef0";
const { signal } = new AbortController();
const nodeOf = (instance: string, zone = `${region}a`) => `aws:///${zone}/${instance}`;

let moto: Moto;
let ec2: EC2Client;
let running: Instance[];

beforeAll(async () => {
  moto = await startMoto();
  ec2 = moto.ec2(region);
  running = await launched(6);
}, 300_000);
afterAll(async () => moto?.stop());
beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "testing");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "testing");
  return () => vi.unstubAllEnvs();
});

async function launched(count: number): Promise<Instance[]> {
  const { Instances = [] } = await ec2.send(new RunInstancesCommand({ ImageId: "ami-12c6146b", MinCount: count, MaxCount: count }));
  return Instances;
}

const idOf = (instance: Instance | undefined): string => instance?.InstanceId ?? "none";
const open = async (config: { account?: string; endpoint?: string } = {}) =>
  openCloud({ provider: "aws", region, account, endpoint: moto.endpoint, ...config });

/** Before moto: whatever `instead` doesn't answer is moto's to answer. */
async function front(instead: (action: string, body: string) => Answer | "nothing" = () => undefined): Promise<Front> {
  const made = await inFrontOf(moto.endpoint, instead);
  onTestFinished(async () => made.stop());
  return made;
}

test("an instance is gone once it is terminated or unknown, and not while it stops or is stopped", async () => {
  const [one, terminated, stopped] = running.map(idOf);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [terminated ?? ""] }));
  await ec2.send(new StopInstancesCommand({ InstanceIds: [stopped ?? ""] }));
  const asked = [one, terminated, stopped, unknown].map((id) => nodeOf(id ?? ""));
  const verdicts = await (await open()).machines(asked, signal);
  expect([...verdicts.values()]).toEqual([
    { state: "exists" },
    { state: "gone", why: "is terminated" },
    { state: "exists" },
    { state: "gone", why: "EC2 knows no such instance" },
  ]);
});

test("one that is unknown of many fails a question by ID for all of them, and none of their verdicts", async () => {
  const others = await launched(230);
  const ids = [...others.map(idOf).slice(0, 120), unknown, ...others.map(idOf).slice(120)];
  await expect(ec2.send(new DescribeInstancesCommand({ InstanceIds: ids }))).rejects.toThrow("does not exist");
  const { endpoint, asked } = await front();
  const verdicts = await (
    await open({ endpoint })
  ).machines(
    ids.map((id) => nodeOf(id)),
    signal,
  );
  expect(verdicts.size).toBe(231);
  expect([...verdicts].filter(([, { state }]) => state !== "exists")).toEqual([
    [nodeOf(unknown), { state: "gone", why: "EC2 knows no such instance" }],
  ]);
  // Two batches, and a look of its own.
  expect(asked).toEqual(["GetCallerIdentity", "DescribeInstances", "DescribeInstances", "DescribeInstances"]);
});

test("an answer that comes in pages is read to its end", async () => {
  await launched(12);
  const filter = { Filters: [{ Name: "instance-state-name", Values: ["running"] }] };
  const [paged, whole] = [
    await new Instances(ec2).describe({ ...filter, MaxResults: 5 }, signal),
    await new Instances(ec2).describe(filter, signal),
  ];
  expect(whole.length).toBeGreaterThanOrEqual(12);
  expect(paged.map(idOf).toSorted()).toEqual(whole.map(idOf).toSorted());
});

test("what a batch leaves out is not gone unless its own look says so", async () => {
  const [one = ""] = running.map(idOf);
  const empty = `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet/></DescribeInstancesResponse>`;
  const isBatch = (body: string): boolean => body.includes("Filter");
  const late = await front((action, body) => (action === "DescribeInstances" && isBatch(body) ? { status: 200, body: empty } : undefined));
  expect((await (await open({ endpoint: late.endpoint })).machines([nodeOf(one)], signal)).get(nodeOf(one))).toEqual({ state: "exists" });
  const foreign = await front((action) => (action === "DescribeInstances" ? { status: 200, body: empty } : undefined));
  expect((await (await open({ endpoint: foreign.endpoint })).machines([nodeOf(unknown)], signal)).get(nodeOf(unknown))).toMatchObject({
    state: "unsure",
  });
  const throttled = await front((_, body) =>
    body.includes("InstanceId.1") ? failure(503, "RequestLimitExceeded", "Request limit exceeded.") : undefined,
  );
  expect(await (await open({ endpoint: throttled.endpoint })).machines([nodeOf(one), nodeOf(unknown)], signal)).toEqual(
    new Map([
      [nodeOf(one), { state: "exists" }],
      [nodeOf(unknown), { state: "unsure", why: "RequestLimitExceeded: Request limit exceeded." }],
    ]),
  );
});

test.each([
  ["", '"" names no EC2 instance'],
  ["kind://docker/plimsoll/plimsoll-worker", "names no EC2 instance"],
  ["aws:///eu-central-1a/b2a7f2c6d1-fargate/fargate-ip-10-0-0-1.eu-central-1.compute.internal", "names no EC2 instance"],
  ["aws:///i-0123456789abcdef0", "names no EC2 instance"],
  ["aws:///eu-central-1a/i-0123456789ABCDEF0", "names no EC2 instance"],
  ["aws:///eu-central-1a/i-0123", "names no EC2 instance"],
  ["aws:///eu-central-1a/i-0123456789abcdef0\n", "names no EC2 instance"],
  ["aws:///nowhere/i-0123456789abcdef0", '"nowhere" is no zone of AWS'],
  ["aws:///eu-west-1a/i-0123456789abcdef0", "is in the region eu-west-1, and eu-central-1 is configured"],
  ["aws:///us-west-2-lax-1a/i-0123456789abcdef0", "is in the region us-west-2, and eu-central-1 is configured"],
  ["gce://project-1/europe-west1-b/node-1", "names no EC2 instance"],
])("of %j nothing is asked, and nothing is said", async (providerID, why) => {
  const { endpoint, asked } = await front();
  const verdict = (await (await open({ endpoint })).machines([providerID], signal)).get(providerID);
  expect(verdict).toMatchObject({ state: "unsure", why: expect.stringContaining(why) as string });
  expect(asked).toEqual([]);
});

test("to credentials of another account every instance is unknown, so that nothing is said", async () => {
  const cloud = await open({ account: "999999999999" });
  const why = "the credentials are of the account 123456789012, and 999999999999 is configured";
  expect((await cloud.machines([nodeOf(unknown)], signal)).get(nodeOf(unknown))).toEqual({ state: "unsure", why });
  expect(await cloud.machineNamed("ip-10-0-0-1.eu-central-1.compute.internal", signal)).toEqual({ state: "unsure", why });
});

test.each<[string, Answer, string]>([
  ["is throttled", failure(503, "RequestLimitExceeded", "Request limit exceeded."), "RequestLimitExceeded"],
  ["is refused", failure(403, "UnauthorizedOperation", "You are not authorized to perform this operation."), "UnauthorizedOperation"],
  ["fails", failure(500, "InternalError", "An internal error has occurred"), "InternalError"],
  ["is somebody else's page", { status: 200, body: "<html><body>Sign in to the network</body></html>" }, "the answer is none of EC2's"],
  ["is empty", { status: 200, body: "" }, "the answer is none of EC2's"],
  ["is no XML", { status: 200, body: "<html>a proxy" }, ""],
  ["is a proxy's 404", { status: 404, body: "<html><body>Not Found</body></html>" }, ""],
])("an answer that %s says nothing of a machine", async (_, answer, why) => {
  const { endpoint } = await front((action) => (action === "DescribeInstances" ? answer : undefined));
  const cloud = await open({ endpoint });
  const expected = { state: "unsure", why: expect.stringContaining(why) as string };
  expect((await cloud.machines([nodeOf(unknown)], signal)).get(nodeOf(unknown))).toMatchObject(expected);
  expect(await cloud.machineNamed("i-0123456789abcdef0", signal)).toMatchObject(expected);
});

test("nobody there says nothing of a machine", async () => {
  const gone = await serve(() => undefined);
  await gone.stop();
  const cloud = await open({ endpoint: `http://127.0.0.1:${gone.port}` });
  expect((await cloud.machines([nodeOf(unknown)], signal)).get(nodeOf(unknown))).toMatchObject({
    state: "unsure",
    why: expect.stringContaining("ECONNREFUSED") as string,
  });
});

test("without credentials nothing is said", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("HOME", "/nonexistent");
  expect((await (await open()).machines([nodeOf(unknown)], signal)).get(nodeOf(unknown))).toMatchObject({
    state: "unsure",
    why: expect.stringContaining("Could not load credentials") as string,
  });
});

test("whoever doesn't wait any more gets his own reason", async () => {
  const { endpoint } = await front(() => "nothing");
  const end = new AbortController();
  const asked = (await open({ endpoint })).machines([nodeOf(unknown)], end.signal);
  end.abort(new Error("the program ends"));
  await expect(asked).rejects.toThrow("the program ends");
});

test("a machine is found by the name that its node would have", async () => {
  const cloud = await open();
  const [, , , instance] = running;
  expect(await cloud.machineNamed(instance?.PrivateDnsName ?? "", signal)).toEqual({ state: "exists" });
  expect(await cloud.machineNamed(idOf(instance), signal)).toEqual({ state: "exists" });
  expect(await cloud.machineNamed("ip-1-2-3-4.eu-central-1.compute.internal", signal)).toMatchObject({ state: "gone" });
  // Filters of EC2 take wildcards.
  for (const name of ["*", "ip-*.compute.internal", "ip-10-0-0-?", ""])
    expect(await cloud.machineNamed(name, signal)).toMatchObject({ state: "unsure" });
});

test("a ServiceAccount's token is all that it takes, where a role trusts it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-token-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "token"), "a.service-account.token");
  vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
  vi.stubEnv("AWS_WEB_IDENTITY_TOKEN_FILE", join(folder, "token"));
  vi.stubEnv("AWS_ROLE_ARN", `arn:aws:iam::${account}:role/plimsoll`);
  vi.stubEnv("AWS_REGION", region);
  const { endpoint, asked } = await front();
  vi.stubEnv("AWS_ENDPOINT_URL_STS", endpoint);
  const [, , , instance] = running;
  const verdicts = await (await open({ endpoint })).machines([nodeOf(idOf(instance))], signal);
  expect([...verdicts.values()]).toEqual([{ state: "exists" }]);
  expect(asked).toContain("AssumeRoleWithWebIdentity");
});
