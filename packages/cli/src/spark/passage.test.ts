import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { passage } from "./passage.ts";

interface Answer {
  status: number;
  body: string;
  location?: string;
}

/** A passage to a server that answers with what it was asked for, and leads on to where it is told to. */
async function begin(leadsTo?: string): Promise<(path: string, options?: { host?: string; method?: string }) => Promise<Answer>> {
  const server = passage(
    {
      answer: async ({ path, query }) => {
        const said = Buffer.from(`${path} ${JSON.stringify(query)}`);
        async function* chunks() {
          yield said;
        }
        const body = Object.assign(chunks(), { text: async () => said.toString() });
        const location = leadsTo === undefined ? {} : { location: leadsTo };
        return {
          statusCode: leadsTo === undefined ? 200 : 302,
          headers: { "content-type": "text/html", "set-cookie": "secret", ...location },
          body,
        };
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
    const { location } = response.headers;
    return { status: response.statusCode, body: await text(response), ...(location === undefined ? {} : { location }) };
  };
}

const base = "/api/v1/namespaces/team/pods/pi-driver%3A4040/proxy";

test("what is asked for is asked of the pod's port, and links that the API server has written lead back to that", async () => {
  const ask = await begin();
  expect(await ask("/jobs/?id=1")).toEqual({ status: 200, body: `${base}/jobs/ {"id":"1"}` });
  for (const written of [base, decodeURIComponent(base)]) {
    expect(await ask(`${written}/jobs/?id=1`)).toEqual({ status: 302, body: "", location: "/jobs/?id=1" });
    expect(await ask(written)).toMatchObject({ status: 302, location: "/" });
    expect(await ask(`${written}//evil.example/`)).toMatchObject({ status: 302, location: "/evil.example/" });
  }
});

test.each([
  ["http://10.0.0.1:6443/api/v1/namespaces/team/pods/pi-driver:4040/proxy/jobs/?id=1", "/jobs/?id=1"],
  [`${base}/jobs/`, "/jobs/"],
  ["https://spark.example/docs", "https://spark.example/docs"],
])("a redirection to %s leads to %s", async (from, to) => {
  const ask = await begin(from);
  expect(await ask("/")).toMatchObject({ status: 302, location: to });
});

test("nothing else can be asked for, and only by this machine", async () => {
  const ask = await begin();
  expect(await ask("/api/v1/namespaces/team/secrets")).toMatchObject({ body: `${base}/api/v1/namespaces/team/secrets {}` });
  expect(await ask(`${base}/../../../../secrets`)).toMatchObject({ body: `${base}/api/v1/namespaces/secrets {}` });
  expect(await ask("/jobs/", { host: "evil.example" })).toMatchObject({ status: 403 });
  expect(await ask("/jobs/", { method: "POST" })).toMatchObject({ status: 405 });
});
