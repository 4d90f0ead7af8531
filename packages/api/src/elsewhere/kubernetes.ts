/** Fields of a pod's spec that a step's pod is given by a patch. */
export const ofPods =
  "automountServiceAccountToken enableServiceLinks hostIPC hostNetwork hostPID hostUsers hostname hostnameOverride nodeName os overhead preemptionPolicy readinessGates schedulingGates schedulingGroup setHostnameAsFQDN shareProcessNamespace subdomain".split(
    " ",
  );

/** The same of a container. */
export const ofContainers =
  "lifecycle livenessProbe ports readinessProbe resizePolicy startupProbe stdin stdinOnce terminationMessagePolicy tty volumeDevices workingDir".split(
    " ",
  );
