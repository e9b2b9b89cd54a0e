import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { byTwilio } from '@plataforma/testing/providers/signed-events';
import { TwilioStandIn } from '@plataforma/testing/providers/twilio';
import { Telephones } from './telephones.ts';

const TOKEN = 'assina-o-que-foi-feito';
const MESSAGE = { To: '+5511987651111', From: '+15005550006', Body: 'Oi' };

/** Whoever is told: form and signature of each request, by path. */
async function listening() {
  const told: Array<{ path: string | undefined; signature: unknown; form: Record<string, string> }> = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const form = Object.fromEntries(new URLSearchParams(`${Buffer.concat(chunks)}`));
    told.push({ path: request.url, signature: request.headers['x-twilio-signature'], form });
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { told, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/twilio`, server };
}

describe('Telephones', () => {
  it('tell what is answered beside the callbacks, signed, and take nothing more from STOP to START', async () => {
    const { told, url, server } = await listening();
    const telephones = new Telephones(TOKEN);
    telephones.reached({ ...MESSAGE, StatusCallback: `${url}/not_1` });
    expect(await telephones.answer(MESSAGE.To, 'Stop')).toBe(true);
    expect(telephones.stopped(MESSAGE.To)).toBe(true);
    expect(await telephones.answer(MESSAGE.To, 'START')).toBe(true);
    expect(telephones.stopped(MESSAGE.To)).toBe(false);
    server.closeAllConnections();
    server.close();
    expect(told).toMatchObject([
      { path: '/twilio/respostas', form: { From: MESSAGE.To, To: MESSAGE.From, Body: 'Stop' } },
      { path: '/twilio/respostas', form: { From: MESSAGE.To, Body: 'START' } },
    ]);
    for (const { signature, form } of told) {
      const { headers } = byTwilio(form, { url: `${url}/respostas`, authToken: TOKEN, rest: '' });
      expect(signature).toBe(headers['x-twilio-signature']);
    }
  });

  it('answer nothing where nothing was sent, or nobody is to be told', async () => {
    expect(await new Telephones(TOKEN).answer(MESSAGE.To, 'STOP')).toBe(false);
    const telephones = new Telephones(undefined);
    telephones.reached({ ...MESSAGE, StatusCallback: 'http://127.0.0.1:9/not_1' });
    expect(await telephones.answer(MESSAGE.To, 'STOP')).toBe(false);
  });

  it('are written to by Twilio no more, which says so', async () => {
    const twilio = new TwilioStandIn({ stopped: (number) => number === MESSAGE.To });
    const authorization = `Basic ${Buffer.from(`AC${'0'.repeat(31)}1:${twilio.key}`).toString('base64')}`;
    const answer = twilio.respond({
      ...{ method: 'POST', path: `/2010-04-01/Accounts/AC${'0'.repeat(31)}1/Messages.json` },
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      bytes: Buffer.from(new URLSearchParams(MESSAGE).toString()),
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 21610 } });
  });
});
