import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

/** A program that logs one line inside a span, as a service does while it answers a call. */
const program = `
  import { trace } from '@opentelemetry/api';
  import { createLogger } from '@plataforma/runtime/logger';
  import { telemetry } from '@plataforma/runtime/telemetry';
  trace.getTracer('test').startActiveSpan('work', (span) => {
    createLogger({ service: 'probe' }).info('inside');
    span.end();
  });
  await telemetry?.shutdown();
`;

function runProgram(env: Record<string, string>): Promise<string> {
  const args = [
    '--conditions=source',
    '--import',
    '@plataforma/runtime/telemetry',
    '--input-type=module',
    '-e',
    program,
  ];
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const child = spawn(process.execPath, args, { cwd, env: { PATH: process.env.PATH ?? '', ...env } });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.once('exit', (code) => (code === 0 ? resolve(output) : reject(new Error(output))));
  });
}

describe('telemetry', () => {
  it('exports the span and writes its id into the log line when an endpoint is given', async () => {
    const bodies: string[] = [];
    const collector = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      bodies.push(body);
      response.end('{}');
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    try {
      const line = JSON.parse(
        await runProgram({
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
          OTEL_SERVICE_NAME: 'probe',
        }),
      );
      expect(line.trace_id).toMatch(/^[0-9a-f]{32}$/);
      expect(bodies.join()).toContain(line.trace_id);
    } finally {
      collector.close();
    }
  });

  it('is off when no endpoint is given', async () => {
    const line = JSON.parse(await runProgram({}));
    expect(line).toMatchObject({ msg: 'inside', service: 'probe' });
    expect(line.trace_id).toBeUndefined();
  });
});
