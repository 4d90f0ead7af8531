import { builtin } from "../client/builtin.ts";
import { gate } from "../client/gate.ts";

const { allow, declare } = gate(builtin);

/** What an EventRecorder does. */
export const eventPermissions = declare("events", [
  allow(
    ["create", "patch"],
    "events.events.k8s.io",
    "tells of what happened to an object, where `kubectl describe` shows it, and how often",
  ),
]);

export type EventsClient = ReturnType<typeof eventPermissions.client>;
