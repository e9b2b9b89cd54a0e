import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTarget } from './conformance-target.ts';

/** As Kong's, on one port: what it was given, and whether it already answers by it. */
interface FakeKong {
  refuses: boolean;
  /** How often it still answers by the configuration before. */
  lateBy: number;
  upstreamPorts: number[];
  versionsAsked: number;
}

let kong: FakeKong;
let server: Server;

beforeEach(async () => {
  kong = { refuses: false, lateBy: 0, upstreamPorts: [], versionsAsked: 0 };
  server = await startFakeKong(kong);
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.CONFORMANCE_BASE_URL = address;
  process.env.CONFORMANCE_ADMIN_URL = address;
});
afterEach(() => {
  delete process.env.CONFORMANCE_BASE_URL;
  delete process.env.CONFORMANCE_ADMIN_URL;
  server.closeAllConnections();
  server.close();
});

function startFakeKong(state: FakeKong): Promise<Server> {
  const fake = createServer(async (request, response) => {
    if (request.url === '/config') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { config } = JSON.parse(Buffer.concat(chunks).toString()) as { config: string };
      state.upstreamPorts = [...config.matchAll(/:\/\/127\.0\.0\.1:(\d+)/g)].map((match) => Number(match[1]));
      response.writeHead(state.refuses ? 400 : 201).end("cannot set 'methods'");
    } else {
      state.versionsAsked += 1;
      response.writeHead(state.versionsAsked > state.lateBy ? 200 : 404).end();
    }
  });
  return new Promise((resolve) => fake.listen(0, '127.0.0.1', () => resolve(fake)));
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    (error: { cause?: { code?: string } }) => error.cause?.code !== 'ECONNREFUSED',
  );
}

describe('openTarget', () => {
  it('says why a configuration was refused, and leaves nothing running', async () => {
    kong.refuses = true;
    await expect(openTarget()).rejects.toThrow("cannot set 'methods'");
    expect(kong.upstreamPorts.length).toBeGreaterThan(0);
    for (const port of kong.upstreamPorts) expect(await answers(port)).toBe(false);
  });

  it('waits until the new configuration is in force', async () => {
    kong.lateBy = 2;
    const target = await openTarget();
    try {
      expect(kong.versionsAsked).toBe(3);
    } finally {
      await target.close();
    }
  });
});
