/**
 * Where everything ends that the benchmark has sent: an SMTP server that takes every message, the API of an e-mail provider that
 * does, and receivers of webhooks of which the first ones never answer. It looks at as little as it can: what it costs is no part of
 * what is measured.
 */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { summarize } from '../stats.ts';

const { SMTP_PORT, HTTP_PORT, HANGING = '0' } = process.env;

const taken = { smtp: 0, http: 0, sms: 0, webhooks: 0 };
/** From the moment of an event to its arrival, at the receivers that answer. */
let latencies: number[] = [];

const ANSWERS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^EHLO/i, '250-sink\r\n250-8BITMIME\r\n250 SIZE 10485760\r\n'],
  [/^DATA/i, '354 go on\r\n'],
  [/^QUIT/i, '221 bye\r\n'],
];
const END = Buffer.from('\r\n.\r\n');

function converse(socket: Socket): void {
  let inMessage = false;
  let rest: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.write('220 sink ESMTP\r\n');
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const mark = inMessage ? END : Buffer.from('\r\n');
      const at = rest.indexOf(mark);
      if (at < 0) {
        // Of a message only what may be the beginning of its end is kept.
        if (inMessage && rest.length > END.length) rest = rest.subarray(-END.length);
        return;
      }
      const line = inMessage ? '' : rest.toString('latin1', 0, at);
      rest = rest.subarray(at + mark.length);
      if (inMessage) {
        inMessage = false;
        taken.smtp += 1;
        socket.write('250 taken\r\n');
        continue;
      }
      inMessage = /^DATA/i.test(line);
      socket.write(ANSWERS.find(([command]) => command.test(line))?.[1] ?? '250 ok\r\n');
    }
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  const text = await bodyOf(request);
  const json = (value: unknown) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  };
  if (path === '/emails') {
    taken.http += 1;
    return json({ id: `sink-${taken.http}` });
  }
  if (path === '/taken') return json({ ...taken, latencies: summarize(latencies, 1) });
  if (path === '/reset') {
    Object.assign(taken, { smtp: 0, http: 0, sms: 0, webhooks: 0 });
    latencies = [];
    return json({});
  }
  // The API of a provider of SMS, which hangs.
  if (path.startsWith('/2010-04-01/')) {
    taken.sms += 1;
    return;
  }
  const receiver = Number(/^\/w\/(\d+)$/.exec(path)?.[1]);
  if (receiver < Number(HANGING)) return;
  taken.webhooks += 1;
  const { timestamp } = JSON.parse(text) as { timestamp: string };
  latencies.push(Date.now() - Date.parse(timestamp));
  response.writeHead(204).end();
}

const smtp = createTcpServer(converse).listen(Number(SMTP_PORT), '127.0.0.1');
const http = createHttpServer((request, response) => void answer(request, response));
http.keepAliveTimeout = 60_000;
http.listen(Number(HTTP_PORT), '127.0.0.1');
process.on('SIGTERM', () => {
  smtp.close();
  http.closeAllConnections();
  http.close(() => process.exit(0));
});
