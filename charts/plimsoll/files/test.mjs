// What `helm test` runs: asks the controller, at the address that is given, whether it is ready and gives metrics. It may have been started only now.
const [base] = process.argv.slice(1);
const deadline = Date.now() + 60_000;

for (;;)
  try {
    await answered("/readyz");
    const metrics = await answered("/metrics");
    if (!metrics.includes("plimsoll_")) throw new Error("/metrics has no metric of Plimsoll's: does something else answer?");
    console.log(`${base}: a controller is ready, and gives metrics`);
    break;
  } catch (error) {
    if (Date.now() >= deadline) {
      console.error(`${base}: ${error.cause?.message || error.cause?.code || error.message}`);
      console.error("Is a pod ready? kubectl get pods -l app.kubernetes.io/name=plimsoll; its log says why it isn't.");
      process.exit(1);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }

async function answered(path) {
  const response = await fetch(`${base}${path}`, { signal: AbortSignal.timeout(5000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${text.trim()}`);
  return text;
}
