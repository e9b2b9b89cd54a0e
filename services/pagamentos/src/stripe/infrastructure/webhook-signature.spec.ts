import { describe, expect, it } from '@jest/globals';
import { Stripe } from 'stripe';
import { VerificadorStripe } from './webhook-signature.ts';

const SECRET = 'whsec_new_0123456789';
const secrets = ['whsec_old_0123456789', SECRET];
const now = new Date('2026-11-24T12:00:00Z');
const payload = JSON.stringify({ id: 'evt_1', type: 'payment_intent.succeeded' });

function header(ageSeconds: number, secret = SECRET): string {
  const timestamp = now.getTime() / 1000 - ageSeconds;
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
}

const verify = (signature: string | undefined, body = payload) =>
  new VerificadorStripe(secrets).verificar(Buffer.from(body), signature, now);

const ACEITO = { webhook: { id: 'evt_1', tipo: 'payment_intent.succeeded', payload } };

describe('VerificadorStripe', () => {
  it.each([300, 1, 0, -1, -300])('accepts a time stamp that is %d s old', (age) => {
    expect(verify(header(age))).toEqual(ACEITO);
  });

  it.each([
    [301, 'time stamp too old'],
    [86_400, 'time stamp too old'],
    [-301, 'time stamp in the future'],
  ])('refuses a time stamp that is %d s old', (age, recusado) => {
    expect(verify(header(age))).toEqual({ recusado });
  });

  it('accepts each of the secrets while they rotate, and no other', () => {
    for (const secret of secrets) expect(verify(header(0, secret))).toEqual(ACEITO);
    expect(verify(header(0, 'whsec_foreign_012345'))).toEqual({ recusado: 'signature does not fit' });
  });

  it('refuses when one byte of the body differs', () => {
    expect(verify(header(0), `${payload} `)).toEqual({ recusado: 'signature does not fit' });
  });

  it.each([undefined, '', 'v1=abc', 't=,v1=abc', 't=abc,v1=abc', `t=1,${header(0)}`])(
    'refuses the header %s',
    (signature) => {
      expect(verify(signature)).toEqual({ recusado: 'malformed header' });
    },
  );
});
