import { expect, test } from "vitest";
import { place } from "./support/cluster.ts";

test.concurrent("steps hand outputs and files on, in a namespace that allows only restricted pods", async () => {
  const { client, namespace, start, ended } = await place();
  const run = await start({
    params: [{ name: "greeting", default: "hello" }],
    workspace: { size: "10Mi" },
    steps: [
      { name: "plan", image: "busybox", script: 'id -u > who; echo \'names=["a","b"]\' >> $PLIMSOLL_OUTPUTS' },
      {
        name: "each",
        needs: ["plan"],
        image: "busybox",
        forEach: "${{ steps.plan.outputs.names }}",
        script: 'echo "said=${{ params.greeting }} ${{ item }}" >> $PLIMSOLL_OUTPUTS',
      },
      {
        name: "all",
        needs: ["each"],
        image: "busybox",
        env: [{ name: "SAID", value: "${{ steps.each.outputs }}" }],
        script: 'echo "said=$SAID" >> $PLIMSOLL_OUTPUTS; echo "user=$(cat who)" >> $PLIMSOLL_OUTPUTS',
      },
    ],
  });
  const { status } = await ended(run.metadata.name ?? "");
  expect(status).toMatchObject({
    phase: "Succeeded",
    steps: {
      each: { items: { total: 2, succeeded: 2 }, outputs: [{ said: "hello a" }, { said: "hello b" }] },
      all: { outputs: { said: '[{"said":"hello a"},{"said":"hello b"}]', user: "1000" } },
    },
  });
  for await (const pod of client("pods").list({ namespace })) {
    expect(pod.spec?.containers).toHaveLength(1);
    expect(pod.spec?.volumes?.some(({ name }) => name.startsWith("kube-api-access"))).toBe(false);
  }
});

test.concurrent(
  "a failing item is tried again as often as its limit says, and tells its exit code when it has failed for good",
  async () => {
    const { start, ended } = await place();
    const run = await start({
      workspace: { size: "10Mi" },
      steps: [
        { name: "third-time", image: "busybox", retry: { limit: 2 }, script: "echo x >> tries; test $(wc -l < tries) -ge 3" },
        { name: "never", image: "busybox", forEach: [0, 7], script: "exit ${{ item }}" },
        { name: "after", needs: ["never"], image: "busybox", command: ["true"] },
      ],
    });
    const { status } = await ended(run.metadata.name ?? "");
    expect(status).toMatchObject({
      phase: "Failed",
      message: "step never failed: 1 of 2 items failed; item 1: exit code 7",
      steps: {
        "third-time": { phase: "Succeeded" },
        never: { phase: "Failed", message: "1 of 2 items failed; item 1: exit code 7", items: { total: 2, succeeded: 1, failed: 1 } },
        after: { phase: "Skipped", message: "needs never, which failed" },
      },
    });
  },
);

test.concurrent("an image that doesn't exist is told while the step waits, and when its time is over", async () => {
  const { start, until, ended } = await place();
  const run = await start({ steps: [{ name: "a", image: "localhost:1/nowhere:v1", command: ["true"], timeout: "2m" }] });
  const name = run.metadata.name ?? "";
  await until(name, ({ status }) =>
    /^the image can't be pulled \((ErrImagePull|ImagePullBackOff)\): .*nowhere/.test(status?.steps?.["a"]?.message ?? ""),
  );
  expect((await ended(name)).status?.steps?.["a"]).toMatchObject({
    phase: "Failed",
    message: expect.stringMatching(/^took longer than its timeout of 2m; the image can't be pulled/) as string,
  });
});

test.concurrent("a step that takes more memory than its limit fails as out of memory", async () => {
  const { start, ended } = await place();
  const run = await start({
    steps: [{ name: "a", image: "busybox", command: ["tail", "/dev/zero"], resources: { limits: { memory: "64Mi" } } }],
  });
  expect((await ended(run.metadata.name ?? "")).status?.steps?.["a"]).toMatchObject({
    phase: "Failed",
    message: "out of memory (OOMKilled): raise resources.limits.memory",
  });
});

test.concurrent("a pod that is evicted in the middle of its step is replaced, and doesn't count as a failed try", async () => {
  const { client, namespace, start, until, ended } = await place();
  const run = await start({
    workspace: { size: "10Mi" },
    steps: [{ name: "a", image: "busybox", script: "test -e second && exit 0; touch second; echo touched; sleep 600" }],
  });
  const name = run.metadata.name ?? "";
  await until(name, ({ status }) => status?.steps?.["a"]?.phase === "Running");
  const evicted = await podThatRuns(client, namespace);
  for await (const line of client("pods/log").read({ namespace, name: evicted }, { follow: true })) if (line === "touched") break;
  await client("pods/eviction").create({ metadata: { namespace, name: evicted }, deleteOptions: { gracePeriodSeconds: 1 } });
  expect((await ended(name)).status).toMatchObject({ phase: "Succeeded", steps: { a: { phase: "Succeeded" } } });
});

/** The name of the namespace's pod, once its container runs. */
async function podThatRuns(client: Awaited<ReturnType<typeof place>>["client"], namespace: string): Promise<string> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline;) {
    const [pod] = await Array.fromAsync(client("pods").list({ namespace }));
    if (pod?.status?.containerStatuses?.[0]?.state?.running) return pod.metadata.name;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("no pod runs after 120 s");
}

test.concurrent("of ten thousand items each pod carries its own alone", async () => {
  const { client, namespace, start, until, ended } = await place();
  const run = await start({
    steps: [
      {
        name: "each",
        image: "busybox",
        forEach: Array.from({ length: 10_000 }, (_, index) => index),
        parallelism: 1,
        script: `# ${"x".repeat(1000)}\necho "item \${{ item }}, $(cat /plimsoll/* | wc -c) bytes"`,
      },
    ],
  });
  const name = run.metadata.name ?? "";
  await until(name, ({ status }) => (status?.steps?.["each"]?.items?.succeeded ?? 0) >= 1);
  await client("pipelineruns.plimsoll.dev").patch({ namespace, name }, { spec: { cancel: true } });
  expect((await ended(name)).status?.phase).toBe("Cancelled");
  const [said] = await Array.fromAsync(client("pods/log").read({ namespace, name: `${name}--each--0--1` }));
  // The script and the item: not the 10 MB that all scripts take.
  expect(said).toMatch(/^item 0, 1\d\d\d bytes$/);
});
