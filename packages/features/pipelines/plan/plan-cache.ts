import type { Path, PipelineSpec } from "@plimsoll/api";
import { createHash } from "node:crypto";
import { compilePipeline, type Compile, type CompiledPipeline } from "./plan.ts";

/** Gives equal pipelines one compiled form, as most are run many times; it is kept as long as a run holds it. */
export function cachedCompile(compile: Compile = compilePipeline): Compile {
  const known = new Map<string, WeakRef<CompiledPipeline>>();
  const gone = new FinalizationRegistry<string>((key) => {
    if (known.get(key)?.deref() === undefined) known.delete(key);
  });
  return (pipeline: PipelineSpec, at: Path) => {
    const key = createHash("sha256")
      .update(JSON.stringify([pipeline, at]))
      .digest("base64");
    const found = known.get(key)?.deref();
    if (found !== undefined) return found;
    const compiled = compile(pipeline, at);
    if ("problems" in compiled) return compiled;
    known.set(key, new WeakRef(compiled));
    gone.register(compiled, key);
    return compiled;
  };
}
