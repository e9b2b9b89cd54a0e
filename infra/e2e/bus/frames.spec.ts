import { describe, expect, it } from '@jest/globals';
import { type Quadro, Quadros } from './quadros.ts';

const FLUXO = Buffer.from(
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

const essencia = ({ operacao, campos, cabecalhos, corpo }: Quadro) => ({
  ...{ operacao, assunto: campos[0], cabecalhos, corpo },
});

describe('Quadros', () => {
  it.each([1, 7, FLUXO.length])(
    'finds the operations of a connection that comes in pieces of %i bytes',
    (n) => {
      const quadros = new Quadros();
      const lidos: Quadro[] = [];
      for (let i = 0; i < FLUXO.length; i += n) lidos.push(...quadros.ler(FLUXO.subarray(i, i + n)));
      expect(lidos.map(essencia)).toEqual([
        { operacao: 'INFO', assunto: '{"port":4222}', cabecalhos: '', corpo: '' },
        { operacao: 'PING', assunto: undefined, cabecalhos: '', corpo: '' },
        { operacao: 'MSG', assunto: '_INBOX.1', cabecalhos: '', corpo: 'oi' },
        {
          operacao: 'HMSG',
          assunto: 'reservas.v1.ReservaCriada',
          cabecalhos: 'NATS/1.0\r\nce-id: a\r\n\r\n',
          corpo: '{"x"}',
        },
        { operacao: 'PUB', assunto: '$JS.ACK.RESERVAS.c.1.7.7.0.0', cabecalhos: '', corpo: '+ACK' },
      ]);
      expect(Buffer.concat(lidos.map(({ bytes }) => bytes))).toEqual(FLUXO);
    },
  );
});
