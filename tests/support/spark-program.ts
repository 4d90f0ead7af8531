/** What drivers of tests run, by its argument: it works something out, and `fail`s, waits `until-replaced`, or has executors go `up-and-down`. */
export const program = String.raw`
import os, socket, sys, time
from pyspark.sql import SparkSession

what = sys.argv[1]
if what == "fail" or (what == "fail-once" and os.environ["SPARK_APPLICATION_ID"].endswith("-1-1")):
    print("giving up", flush=True)
    sys.exit(3)
spark = SparkSession.builder.getOrCreate()
context = spark.sparkContext
print("sum", context.parallelize(range(1000), 20).map(lambda x: x * x).sum(), flush=True)
hosts = set()
while what == "until-replaced" and not any(host.endswith("-exec-3") for host in hosts):
    hosts |= set(context.parallelize(range(8), 8).map(lambda _: (time.sleep(0.3), socket.gethostname())[1]).collect())
if what == "up-and-down":
    executors = lambda: context._jsc.sc().getExecutorMemoryStatus().size() - 1
    while executors() < 2:
        context.parallelize(range(8), 8).map(lambda x: (time.sleep(1), (x % 2, x))[1]).reduceByKey(lambda a, b: a + b).collect()
    print("up", flush=True)
    while executors() > 1:
        time.sleep(0.3)
    print("down", flush=True)
    while True:
        time.sleep(1)
print("done", flush=True)
spark.stop()
`;
