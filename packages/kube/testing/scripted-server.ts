import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** An API server that gives one scripted answer a request, for what a real one cannot be made to do; the last answer is repeated. */
export async function scriptedServer(...answers: [Answer, ...Answer[]]) {
  const requests: { call: string; headers: IncomingMessage["headers"] }[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push({ call: `${request.method} ${request.url}`, headers: request.headers });
    request.resume().on("end", () => answer?.(response, request));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests,
    kubeconfig: (user: object = {}) => kubeconfig(`http://127.0.0.1:${port}`, user),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The text of a kubeconfig with one context. */
export function kubeconfig(server: string, user: object = {}, cluster: object = {}): string {
  return JSON.stringify({
    "current-context": "test",
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    clusters: [{ name: "test", cluster: { server, ...cluster } }],
    users: [{ name: "test", user }],
  });
}

export const json =
  (body: unknown, code = 200, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(code, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };

export const failure = (code: number, reason: string, headers: Record<string, string> = {}): Answer =>
  json({ kind: "Status", status: "Failure", reason, code, message: `because ${reason}` }, code, headers);

/** Sends `text` as the beginning of an answer, then breaks the connection. */
export const cut =
  (text: string): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "application/json" }).write(text, () => response.destroy());
  };
