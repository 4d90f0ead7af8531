import type { View } from "@plimsoll/kube";
import { Cluster, type ClusterFacts, type NodeView, type PodView } from "@plimsoll/model";
import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";

interface Views {
  nodes: View<Node, NodeView>;
  pods: View<Pod, PodView, "node" | "namespace">;
}

/** The cluster as the planner wants it, kept up from the views for as long as something is drained. */
export class World {
  readonly #views: Views;
  readonly #facts: ClusterFacts;
  readonly #onChange: () => void;
  #cluster: Cluster | undefined;
  #ends: (() => void)[] = [];

  constructor(views: Views, facts: ClusterFacts, onChange: () => void) {
    this.#views = views;
    this.#facts = facts;
    this.#onChange = onChange;
  }

  get cluster(): Cluster {
    if (this.#cluster !== undefined) return this.#cluster;
    const cluster = new Cluster(this.#facts);
    // All at once, and not in slices as they are told: what is half there would be planned with.
    for (const node of this.#views.nodes.values()) cluster.setNode(node);
    for (const pod of this.#views.pods.values()) cluster.setPod(pod);
    this.#ends = [
      this.#views.nodes.on(({ type, object }) => {
        if (type === "delete") cluster.deleteNode(object.name);
        else cluster.setNode(object);
        this.#onChange();
      }),
      this.#views.pods.on(({ type, object }) => {
        if (type === "delete") cluster.deletePod(object.uid);
        else cluster.setPod(object);
        this.#onChange();
      }),
    ];
    return (this.#cluster = cluster);
  }

  /** Forgets it until it is asked for again. */
  rest(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#cluster = undefined;
  }
}
