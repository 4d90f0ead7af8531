import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";

/** Serves `/healthz` (the process lives), `/readyz` (every cache has been filled) and `/metrics` (Prometheus). */
export async function serve(options: {
  host: string;
  port: number;
  metrics: Registry;
  ready: () => boolean;
}): Promise<{ port: number; close: () => void }> {
  const server: Server = createServer((request, response) => {
    const answer = (status: number, body: string, type = "text/plain"): void => {
      response.writeHead(status, { "content-type": type }).end(body);
    };
    if (request.url === "/healthz") return answer(200, "ok\n");
    if (request.url === "/readyz") return options.ready() ? answer(200, "ok\n") : answer(503, "the caches are being filled\n");
    if (request.url === "/metrics") {
      return void options.metrics.metrics().then(
        (text) => answer(200, text, options.metrics.contentType),
        (error: unknown) => answer(500, `${String(error)}\n`),
      );
    }
    return answer(404, "not found: there are /healthz, /readyz and /metrics\n");
  });
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(options.port, options.host.replace(/^\[|\]$/g, ""), resolve),
  );
  return { port: (server.address() as AddressInfo).port, close: () => server.close().closeAllConnections() };
}
