import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dobrar, type EventoDeCalendario, escaparTexto, escreverCalendario } from './icalendar.ts';

const evento: EventoDeCalendario = {
  uid: 'res_a3Bx9Q0z@plataforma.local',
  sequencia: 3,
  status: 'TENTATIVE',
  geradoEm: new Date('2026-11-20T12:34:56.789Z'),
  inicio: new Date('2026-11-24T17:00:00Z'),
  fim: new Date('2026-11-24T19:00:00Z'),
  titulo: 'Sala Ipê',
  descricao: '',
  local: '',
  url: '',
  organizador: undefined,
};

describe('escreverCalendario', () => {
  it('writes a feed of several events', () => {
    const cancelado: EventoDeCalendario = {
      ...evento,
      uid: 'res_2@plataforma.local',
      status: 'CANCELLED',
      local: 'Av. Paulista, 1000; 2º andar',
      url: 'https://exemplo.com/r?a=1,2;b',
    };
    const eventos = [evento, cancelado];
    const nome = 'Reservas, minhas';
    expect(
      escreverCalendario({ produtor: '-//X//Y//PT-BR', nome, atualizarACadaMinutos: 15, eventos }).split(
        '\r\n',
      ),
    ).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//X//Y//PT-BR',
      'CALSCALE:GREGORIAN',
      'NAME:Reservas\\, minhas',
      'X-WR-CALNAME:Reservas\\, minhas',
      'REFRESH-INTERVAL;VALUE=DURATION:PT15M',
      'X-PUBLISHED-TTL:PT15M',
      'BEGIN:VEVENT',
      'UID:res_a3Bx9Q0z@plataforma.local',
      'SEQUENCE:3',
      'DTSTAMP:20261120T123456Z',
      'DTSTART:20261124T170000Z',
      'DTEND:20261124T190000Z',
      'SUMMARY:Sala Ipê',
      'STATUS:TENTATIVE',
      'TRANSP:OPAQUE',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:res_2@plataforma.local',
      'SEQUENCE:3',
      'DTSTAMP:20261120T123456Z',
      'DTSTART:20261124T170000Z',
      'DTEND:20261124T190000Z',
      'SUMMARY:Sala Ipê',
      'LOCATION:Av. Paulista\\, 1000\\; 2º andar',
      'URL:https://exemplo.com/r?a=1,2;b',
      'STATUS:CANCELLED',
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('writes a message, which has a method and is not fetched again', () => {
    const texto = escreverCalendario({ produtor: 'x', metodo: 'CANCEL', eventos: [] });
    expect(texto.split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:x',
      'CALSCALE:GREGORIAN',
      'METHOD:CANCEL',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('has one line break a property when an address brings its own', () => {
    const url = 'https://exemplo.com/\r\nATTENDEE:mailto:x@y.z';
    const texto = escreverCalendario({ produtor: 'x', eventos: [{ ...evento, url }] });
    expect(texto).toContain('URL:https://exemplo.com/ATTENDEE:mailto:x@y.z\r\n');
  });
});

describe('dobrar', () => {
  it('leaves a line of 75 octets alone and cuts one of 76', () => {
    expect(dobrar('x'.repeat(75))).toBe('x'.repeat(75));
    expect(dobrar('x'.repeat(76))).toBe(`${'x'.repeat(75)}\r\n x`);
  });

  it.each([
    ['\x7f', 1],
    ['\x80', 2],
    ['\u07ff', 2],
    ['\u0800', 3],
    ['\uffff', 3],
    ['\u{10000}', 4],
  ])('fills lines to the octet: %j has %i', (caractere, octetos) => {
    const cheia = 'x'.repeat(75 - octetos) + caractere;
    expect(dobrar(`${cheia}${caractere}`)).toBe(`${cheia}\r\n ${caractere}`);
    expect(dobrar(`x${cheia}`)).toBe(`x${'x'.repeat(75 - octetos)}\r\n ${caractere}`);
  });

  it('never cuts inside a character: each piece is valid UTF-8 of at most 75 octets, and together they are the line', () => {
    const decodificador = new TextDecoder('utf-8', { fatal: true });
    let dobradas = 0;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500, size: 'max' }), (bruto) => {
        const linha = bruto.replace(/[\r\n]/g, '');
        const pedacos = dobrar(linha).split('\r\n');
        if (pedacos.length > 1) dobradas += 1;
        for (const pedaco of pedacos) {
          const bytes = Buffer.from(pedaco);
          expect(bytes.length).toBeLessThanOrEqual(75);
          expect(decodificador.decode(bytes)).toBe(pedaco.replace(/^\uFEFF/, ''));
        }
        expect(pedacos.map((pedaco, i) => (i === 0 ? pedaco : pedaco.slice(1))).join('')).toBe(linha);
      }),
    );
    expect(dobradas).toBeGreaterThan(40);
  });
});

describe('escaparTexto', () => {
  it('escapes what separates and drops what cannot be written', () => {
    expect(escaparTexto('a\\b;c,d\r\ne\nf\rg\th\u0007i')).toBe('a\\\\b\\;c\\,d\\ne\\nf\\ng\thi');
  });

  it('knows every end of a line', () => {
    expect(escaparTexto('a\u2028b\u2029c\u0085d\ve\ff')).toBe('a\\nb\\nc\\nd\\ne\\nf');
  });
});
