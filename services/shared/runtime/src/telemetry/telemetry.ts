/*
 * Room `telemetry`: what operators see of a process: log lines (`logger.ts`), numbers for Prometheus (`metrics.ts`) and, by
 * this module, traces.
 *
 * It is preloaded: `node --import @plataforma/runtime/telemetry main.ts`. With OTEL_EXPORTER_OTLP_ENDPOINT set, traces go
 * there over OTLP/HTTP under OTEL_SERVICE_NAME and the libraries named below are instrumented; without it nothing is loaded.
 * It has to run before the service imports those libraries, and ES modules are only seen through the loader hook, so this
 * cannot be an ordinary import of main.ts.
 *
 * Every other room may log and count: names, codes, ids and times; never messages, headers, tokens or what people wrote. An
 * error is logged by `loggableError`, because drivers hang whole requests onto theirs.
 */

import { register } from 'node:module';

/** The running SDK, to flush what is still buffered when the process stops; undefined when telemetry is off. */
export const telemetry = process.env.OTEL_EXPORTER_OTLP_ENDPOINT ? await start() : undefined;

async function start(): Promise<{ shutdown(): Promise<void> }> {
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const [
    { NodeSDK },
    { OTLPTraceExporter },
    { GrpcInstrumentation },
    { PgInstrumentation },
    { IORedisInstrumentation },
  ] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/instrumentation-grpc'),
    import('@opentelemetry/instrumentation-pg'),
    import('@opentelemetry/instrumentation-ioredis'),
  ]);
  const sdk = new NodeSDK({
    traceExporter: new OTLPTraceExporter(),
    instrumentations: [new GrpcInstrumentation(), new PgInstrumentation(), new IORedisInstrumentation()],
  });
  sdk.start();
  return sdk;
}
