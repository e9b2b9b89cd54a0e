import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** From a cached read to a call that ran into the default deadline. */
const DURATION_BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What the listeners measure, and the registry that business metrics are added to. */
export interface Metrics {
  readonly registry: Registry;
  /** Counts one finished call. @param code status in lower snake case, `ok` for success */
  observeRpc(service: string, method: string, code: string, seconds: number): void;
}

/**
 * Rate, errors and duration of calls, and the metrics of the process (memory, event loop, garbage collection).
 * Every series carries the label `servico`.
 */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ servico: service });
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'rpc_server_requests_total',
    help: 'Finished calls by service, method and status code.',
    labelNames: ['service', 'method', 'code'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'rpc_server_duration_seconds',
    help: 'Time from the first byte of a call to its status.',
    labelNames: ['service', 'method', 'code'],
    buckets: DURATION_BUCKETS_S,
    registers: [registry],
  });
  return {
    registry,
    observeRpc(rpcService, method, code, seconds) {
      const labels = { service: rpcService, method, code };
      requests.inc(labels);
      duration.observe(labels, seconds);
    },
  };
}

/**
 * The text that Prometheus scrapes. A metric that cannot be read now, for want of its database, is left out: the
 * others are needed most at that time.
 */
export async function exposition(registry: Registry): Promise<string> {
  const texts = registry
    .getMetricsAsArray()
    .map(({ name }) => registry.getSingleMetricAsString(name).catch(() => `# ${name} could not be read`));
  return `${(await Promise.all(texts)).join('\n\n')}\n`;
}
