export { FakeClock } from "./fake-clock.ts";
export { faultyProxy } from "./faulty-proxy.ts";
export { Replay } from "./replay.ts";
export { kubeconfig } from "./scripted-server.ts";
