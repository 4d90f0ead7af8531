import type { InitContainer } from "@plimsoll/api";
import type { Container } from "kubernetes-types/core/v1.d.ts";
import { asKubernetes } from "./as-kubernetes.ts";
import { renderResources } from "./resources.ts";
import { restricted } from "./security.ts";

/** A container that the user gave whole: what it leaves out is as in the step's, what it says stays. */
export function renderInitContainer(given: InitContainer): Container {
  const { name, image, imagePullPolicy = "IfNotPresent", ...more } = given;
  return asKubernetes<Container>({
    name,
    image,
    imagePullPolicy,
    ...more,
    resources: renderResources(given.resources, 1),
    securityContext: restricted(given.securityContext),
  });
}
