import type { VerticalPodAutoscaler, VpaSpec, VpaStatus } from "@plimsoll/api";
import { apiVersion } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";
import { ownerOf } from "@plimsoll/model";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { made, recommender } from "../labels.ts";
import type { Target } from "../target.ts";

/** A VerticalPodAutoscaler as it is decided by. */
export interface Autoscaler {
  namespace: string;
  name: string;
  uid: string;
  resourceVersion: string;
  target: Target | undefined;
  /** The RightSizingPolicy that it was made for; undefined: somebody else has made it. */
  owner: { name: string; uid: string } | undefined;
  isDeleting: boolean;
  /** Whether it names Plimsoll as its recommender. */
  isOurs: boolean;
  /** Both are empty of one that is neither made here nor recommended for. */
  spec: VpaSpec;
  status: VpaStatus;
}

export function autoscalerOf({ metadata, spec, status = {} }: Stored<VerticalPodAutoscaler>): Autoscaler {
  const { namespace = "", name, uid, resourceVersion, labels, deletionTimestamp } = metadata;
  const found = ownerOf(metadata as Pick<ObjectMeta, "ownerReferences">);
  const isMade = labels?.[made.label] === made.value && found?.kind === "RightSizingPolicy" && found.apiVersion === apiVersion;
  const isOurs = spec.recommenders?.some((one) => one.name === recommender) ?? false;
  const { targetRef, updatePolicy, resourcePolicy, recommenders } = spec;
  return {
    namespace,
    name,
    uid,
    resourceVersion,
    target: targetRef,
    owner: isMade ? { name: found.name, uid: found.uid } : undefined,
    isDeleting: deletionTimestamp !== undefined,
    isOurs,
    spec: isOurs || isMade ? { targetRef, updatePolicy, resourcePolicy, recommenders } : {},
    status: isOurs || isMade ? status : {},
  };
}
