import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import type { Health } from "./health.ts";

// An `import` of node:http reads all that it exports, and with that loads fetch and WebSocket: 15 MB.
const { createServer } = process.getBuiltinModule("node:http");

/** Serves `/healthz` and `/readyz` (what is wrong, as 503, a line each) and `/metrics` (Prometheus). */
export async function serve(options: {
  host: string;
  port: number;
  metrics: Registry;
  health: Pick<Health, "live" | "ready">;
}): Promise<{ port: number; close: () => void }> {
  const server: Server = createServer((request, response) => {
    const answer = (status: number, body: string, type = "text/plain"): void => {
      response.writeHead(status, { "content-type": type }).end(body);
    };
    const tell = (problems: readonly string[]): void =>
      problems.length === 0 ? answer(200, "ok\n") : answer(503, `${problems.join("\n")}\n`);
    if (request.url === "/healthz") return tell(options.health.live());
    if (request.url === "/readyz") return tell(options.health.ready());
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
