import { describe, expect, it } from '@jest/globals';
import { toNatsHeaders } from '../event-message.ts';
import { deadLetter, replayOf } from './dead-letter.ts';

const payload = new TextEncoder().encode('{}');
const failed = {
  durable: 'pagamentos',
  message: {
    data: payload,
    headers: toNatsHeaders({ 'Nats-Msg-Id': 'ev-1', 'ce-id': 'ev-1', traceparent: '00-aa-bb-01' }),
  },
  meta: { id: 'ev-1', subject: 'reservas.v1.ReservaCriada', entrega: 4 },
  error: new TypeError('no\nmoney'),
};
const now = new Date('2026-03-01T12:00:00Z');

describe('deadLetter', () => {
  it('keeps body and headers and adds what went wrong', () => {
    expect(deadLetter(failed, now)).toEqual({
      id: 'dlq:pagamentos:ev-1:0',
      subject: 'dlq.pagamentos.reservas.v1.ReservaCriada',
      payload,
      headers: {
        'ce-id': 'ev-1',
        traceparent: '00-aa-bb-01',
        'dlq-erro': 'TypeError: no money',
        'dlq-consumidor': 'pagamentos',
        'dlq-assunto': 'reservas.v1.ReservaCriada',
        'dlq-entregas': '4',
        'dlq-em': '2026-03-01T12:00:00.000Z',
      },
    });
  });

  it('has the same id when the same message is buried twice and another after a replay', () => {
    const replayed = { data: payload, headers: toNatsHeaders({ 'ce-id': 'ev-1', 'dlq-reenvio': '7' }) };
    const later = { ...failed, meta: { ...failed.meta, entrega: 5 } };
    expect(deadLetter(later, now).id).toBe(deadLetter(failed, now).id);
    expect(deadLetter({ ...failed, message: replayed }, now).id).not.toBe(deadLetter(failed, now).id);
  });
});

describe('replayOf', () => {
  it('restores the original message under a new message id when sent again', () => {
    const { id, headers } = deadLetter(failed, now);
    const stored = toNatsHeaders({ ...headers, 'Nats-Msg-Id': id });
    expect(replayOf({ headers: stored, payload, sequence: 7 })).toEqual({
      id: 'dlq:pagamentos:ev-1:0:reenvio:7',
      subject: 'reservas.v1.ReservaCriada',
      payload,
      headers: { 'ce-id': 'ev-1', traceparent: '00-aa-bb-01', 'dlq-reenvio': '7' },
    });
  });

  it('throws when the message is not a dead letter', () => {
    expect(() => replayOf({ headers: undefined, payload, sequence: 1 })).toThrow('not a dead letter');
  });
});
