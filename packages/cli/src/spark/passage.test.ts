import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { passage } from "./passage.ts";

/** A passage to a server that answers with what it was asked for. */
async function begin(): Promise<(path: string, options?: { host?: string; method?: string }) => Promise<{ status: number; body: string }>> {
  const server = passage(
    {
      answer: async ({ path, query }) => {
        const said = Buffer.from(`${path} ${JSON.stringify(query)}`);
        async function* chunks() {
          yield said;
        }
        const body = Object.assign(chunks(), { text: async () => said.toString() });
        return { statusCode: 200, headers: { "content-type": "text/html", "set-cookie": "secret" }, body };
      },
    },
    { namespace: "team", pod: "pi-driver", port: 4040 },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return async (path, { host = `127.0.0.1:${port}`, method = "GET" } = {}) => {
    const call = request({ port, host: "127.0.0.1", path, method, headers: { host } }).end();
    const [response] = await once(call, "response");
    expect(response.headers["set-cookie"]).toBeUndefined();
    return { status: response.statusCode, body: await text(response) };
  };
}

const base = "/api/v1/namespaces/team/pods/pi-driver%3A4040/proxy";

test("what is asked for is asked of the pod's port, and so are the links that the API server has written", async () => {
  const ask = await begin();
  expect(await ask("/jobs/?id=1")).toEqual({ status: 200, body: `${base}/jobs/ {"id":"1"}` });
  expect(await ask(`${base}/static/a.css`)).toEqual({ status: 200, body: `${base}/static/a.css {}` });
  expect(await ask("/api/v1/namespaces/team/pods/pi-driver:4040/proxy/stages")).toMatchObject({ status: 200 });
});

test("nothing else can be asked for, and only by this machine", async () => {
  const ask = await begin();
  expect(await ask("/api/v1/namespaces/team/secrets")).toMatchObject({ body: `${base}/api/v1/namespaces/team/secrets {}` });
  expect(await ask(`${base}/../../../../secrets`)).toMatchObject({ body: `${base}/api/v1/namespaces/secrets {}` });
  expect(await ask("/jobs/", { host: "evil.example" })).toMatchObject({ status: 403 });
  expect(await ask("/jobs/", { method: "POST" })).toMatchObject({ status: 405 });
});
