import { Transport } from "@plimsoll/kube";
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

interface Endpoint {
  addresses: string[];
  conditions: { ready?: boolean; serving?: boolean; terminating?: boolean };
}

/** Requests to a Service's pods, one every 50 ms and each on a connection of its own, for as long as it is wanted. */
export class Traffic {
  readonly #transport: Transport;
  readonly #path: string;
  readonly #port: number;
  #isOn = true;
  #endpoints: Endpoint[] = [];
  readonly #work: Promise<unknown>;
  sent = 0;
  /** Why requests failed, each time. */
  readonly failures: string[] = [];

  constructor(kubeconfig: string, { namespace, service, port }: { namespace: string; service: string; port: number }) {
    this.#transport = Transport.fromKubeconfig(kubeconfig, { userAgent: "traffic" });
    this.#path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
    this.#port = port;
    this.#work = Promise.all([this.#follow(service), this.#send()]);
  }

  async stop(): Promise<{ sent: number; failures: string[] }> {
    this.#isOn = false;
    await this.#work;
    await this.#transport.close();
    return { sent: this.sent, failures: this.failures };
  }

  async #follow(service: string): Promise<void> {
    const query = { labelSelector: `kubernetes.io/service-name=${service}` };
    while (this.#isOn) {
      const { items } = await this.#transport.request<{ items: { endpoints?: Endpoint[] }[] }>({ method: "GET", path: this.#path, query });
      this.#endpoints = items.flatMap(({ endpoints = [] }) => endpoints);
      await sleep(50);
    }
  }

  async #send(): Promise<void> {
    const under: Promise<void>[] = [];
    // The first answer has to have come.
    while (this.#endpoints.length === 0) await sleep(20);
    while (this.#isOn) {
      under.push(this.#request());
      await sleep(50);
    }
    await Promise.all(under);
  }

  async #request(): Promise<void> {
    this.sent += 1;
    const target = this.#target();
    const fault = target === undefined ? "no endpoint is ready" : await answerOf(target, this.#port);
    if (fault !== undefined) this.failures.push(fault);
  }

  /** As kube-proxy chooses: one that is ready; where none is, one that still serves while it ends. */
  #target(): string | undefined {
    const ready = this.#endpoints.filter(({ conditions }) => conditions.ready === true);
    const serving = this.#endpoints.filter(({ conditions }) => conditions.serving === true && conditions.terminating === true);
    const from = ready.length > 0 ? ready : serving;
    return from[this.sent % from.length]?.addresses[0];
  }
}

/** What went wrong; undefined: the answer was whole. */
function answerOf(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get({ host, port, path: "/", agent: false, timeout: 20_000 }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode}`));
      response.on("error", (error) => resolve(error.message));
    });
    request.on("timeout", () => request.destroy(new Error("no answer within 20 s")));
    request.on("error", (error) => resolve(error.message));
  });
}
