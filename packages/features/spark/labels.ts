/** The labels of an application's pods: Spark's own, and those of the Spark operator, by which people find them. */
export const labels = {
  /** driver or executor. */
  role: "spark-role",
  /** spark.app.id. */
  selector: "spark-app-selector",
  /** The application's name. */
  application: "sparkoperator.k8s.io/app-name",
  /** The attempt. */
  submission: "sparkoperator.k8s.io/submission-id",
} as const;

/** The containers of an application's pods, as Spark names them. */
export const containers = { driver: "spark-kubernetes-driver", executor: "spark-kubernetes-executor" } as const;

/** Which of an application's pods one is. */
export type Role = keyof typeof containers;

/** The annotation of the time that a schedule's run is for. */
export const timeAnnotation = "plimsoll.dev/scheduled-time";
