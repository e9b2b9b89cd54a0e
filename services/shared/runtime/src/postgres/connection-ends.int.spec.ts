import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import { createDataSource } from './postgres.ts';

const READY = Buffer.from('Z\0\0\0\u0005I');

/** What PostgreSQL says to every connection when it is restarted or fails over. */
function ending(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0');
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

describe('a connection that is ended in the very packet that opens it', () => {
  it('fails who asked for it, and does not take the process with it', async () => {
    const url = new URL(database.url);
    let ended = 0;
    // The real server, whose words come to the client in one piece.
    const between = createServer((client: Socket) => {
      const server = connect(Number(url.port), url.hostname);
      client.pipe(server);
      server.on('data', (words) => {
        if (!words.includes(READY)) return client.write(words);
        ended += 1;
        return client.end(Buffer.concat([words, ending()]));
      });
      for (const socket of [client, server]) socket.on('error', () => server.destroy());
    });
    await once(between.listen(0, '127.0.0.1'), 'listening');
    const { port } = between.address() as AddressInfo;
    const via = Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href;
    const options = { url: via, entities: [], migrations: [], applicationName: 'teste' };
    await expect(createDataSource(options).initialize()).rejects.toThrow();
    expect(ended).toBeGreaterThan(0);
    between.close();
  });
});
