import { describe, expect, it } from '@jest/globals';
import { type Frame, Frames } from './frames.ts';

const TRAFFIC = Buffer.from(
  [
    'INFO {"port":4222}',
    'PING',
    'MSG _INBOX.1 9 2',
    'oi',
    'HMSG reservas.v1.ReservaCriada 3 $JS.ACK.RESERVAS.c.1.7.7.0.0 22 27',
    'NATS/1.0\r\nce-id: a\r\n\r\n{"x"}',
    'PUB $JS.ACK.RESERVAS.c.1.7.7.0.0 4',
    '+ACK',
    '',
  ].join('\r\n'),
);

const essence = ({ operation, fields, headers, body }: Frame) => ({
  ...{ operation, subject: fields[0], headers, body },
});

describe('Frames', () => {
  it.each([1, 7, TRAFFIC.length])(
    'finds the operations of a connection that comes in pieces of %i bytes',
    (n) => {
      const frames = new Frames();
      const read: Frame[] = [];
      for (let i = 0; i < TRAFFIC.length; i += n) read.push(...frames.read(TRAFFIC.subarray(i, i + n)));
      expect(read.map(essence)).toEqual([
        { operation: 'INFO', subject: '{"port":4222}', headers: '', body: '' },
        { operation: 'PING', subject: undefined, headers: '', body: '' },
        { operation: 'MSG', subject: '_INBOX.1', headers: '', body: 'oi' },
        {
          operation: 'HMSG',
          subject: 'reservas.v1.ReservaCriada',
          headers: 'NATS/1.0\r\nce-id: a\r\n\r\n',
          body: '{"x"}',
        },
        { operation: 'PUB', subject: '$JS.ACK.RESERVAS.c.1.7.7.0.0', headers: '', body: '+ACK' },
      ]);
      expect(Buffer.concat(read.map(({ bytes }) => bytes))).toEqual(TRAFFIC);
    },
  );
});
