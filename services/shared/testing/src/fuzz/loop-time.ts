/**
 * Milliseconds for which a call makes the thread of the event loop compute, server and client together when both live in
 * this process: what other calls wait for meanwhile, however long the database takes and however busy the machine is. The
 * quickest of some runs: garbage of others may be collected in any of them.
 */
export async function loopTime(call: () => Promise<unknown>, runs = 5): Promise<number> {
  let quickest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const before = process.threadCpuUsage();
    await call();
    const { user, system } = process.threadCpuUsage(before);
    quickest = Math.min(quickest, (user + system) / 1_000);
  }
  return quickest;
}
