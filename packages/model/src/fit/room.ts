import type { NodeView } from "../node.ts";
import type { PodView } from "../pod.ts";

/** A node and the pods that take its room; the node may yet have to be told of. */
export class Room {
  node: NodeView | undefined;
  readonly pods = new Map<string, PodView>();
  readonly #used: Record<string, number> = {};
  readonly #ports = new Map<string, number>();
  #running = 0;

  add(pod: PodView): void {
    this.#count(pod, 1);
  }

  remove(pod: PodView): void {
    this.#count(pod, -1);
  }

  /** Of which resources there isn't enough, as kube-scheduler says it. What a pod doesn't ask for is not looked at. */
  lacks({ requests }: PodView): readonly string[] {
    const allocatable = this.node?.allocatable ?? {};
    let found: string[] | undefined;
    if (this.#running + 1 > (allocatable.pods ?? 0)) (found ??= []).push("Too many pods");
    for (const name in requests) {
      const request = requests[name] ?? 0;
      if (request > 0 && request > (allocatable[name] ?? 0) - (this.#used[name] ?? 0)) (found ??= []).push(`Insufficient ${name}`);
    }
    return found ?? none;
  }

  /** Whether all the pod's host ports are free. */
  hasPorts({ shape }: PodView): boolean {
    if (this.#ports.size === 0) return true;
    return shape.hostPorts.every((port) => {
      const [protocol, address, number] = parts(port);
      for (const used of this.#ports.keys()) {
        const [itsProtocol, itsAddress, itsNumber] = parts(used);
        const overlaps = address === undefined || itsAddress === undefined || address === itsAddress;
        if (protocol === itsProtocol && number === itsNumber && overlaps) return false;
      }
      return true;
    });
  }

  /** The mean share of CPU and memory that would be free beside a pod. */
  freeBeside({ requests }: PodView): number {
    return (this.#free("cpu", requests.cpu) + this.#free("memory", requests.memory)) / 2;
  }

  #free(name: string, request = 0): number {
    const all = this.node?.allocatable[name] ?? 0;
    return all === 0 ? 0 : (all - (this.#used[name] ?? 0) - request) / all;
  }

  #count({ requests, shape }: PodView, times: 1 | -1): void {
    this.#running += times;
    for (const name in requests) this.#used[name] = (this.#used[name] ?? 0) + times * (requests[name] ?? 0);
    for (const port of shape.hostPorts) {
      const count = (this.#ports.get(port) ?? 0) + times;
      if (count === 0) this.#ports.delete(port);
      else this.#ports.set(port, count);
    }
  }
}

const none: readonly string[] = [];

/** `TCP/8080` and `TCP/10.0.0.1/8080` in their parts: the protocol, the address if it isn't every one, the port. */
function parts(port: string): [protocol: string | undefined, address: string | undefined, number: string | undefined] {
  const all = port.split("/");
  return all.length === 2 ? [all[0], undefined, all[1]] : [all[0], all[1], all[2]];
}
