import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer } from "./server.ts";

/** What stands before a server, and answers some of what it is asked. */
export interface Front {
  endpoint: string;
  /** The actions that were asked for, as in `DescribeInstances`. */
  asked: string[];
  stop(): Promise<void>;
}

/** Before a server of AWS's query API: what `instead` doesn't answer is the server's to answer. "nothing": there never is an answer. */
export async function inFrontOf(endpoint: string, instead: (action: string, body: string) => Answer | "nothing"): Promise<Front> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await new Response(request).text();
      const action = new URLSearchParams(body).get("Action") ?? "";
      asked.push(action);
      const own = instead(action, body);
      if (own === "nothing") return;
      if (own !== undefined) {
        response.writeHead(own.status, { "content-type": "text/xml" }).end(own.body);
        return;
      }
      const { authorization = "", "content-type": type = "" } = request.headers;
      const answered = await fetch(endpoint, { method: "POST", headers: { authorization, "content-type": type }, body });
      response.writeHead(answered.status, { "content-type": "text/xml" }).end(await answered.text());
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** As EC2 answers of what fails. */
export const failure = (status: number, code: string, message: string): Answer => ({
  status,
  body: `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`,
});
