import { describe, expect, it } from '@jest/globals';
import { readStrictly } from '@plataforma/testing/strict-icalendar';
import fc from 'fast-check';
import { linesOf, organizerOf, readCalendario } from '../../../test/support/calendario.ts';
import { type EventoDeCalendario, escreverCalendario } from './calendario.ts';

const evento: EventoDeCalendario = {
  situacao: 'CONFIRMADO',
  uid: 'res_a3Bx9Q0z@plataforma.local',
  idioma: 'pt-BR',
  sequencia: 0,
  geradoEm: new Date('2026-11-20T12:34:56.789Z'),
  inicio: new Date('2026-11-24T17:00:00Z'),
  fim: new Date('2026-11-24T19:00:00Z'),
  titulo: 'Sala Ipê',
  descricao: 'Reserva res_a3Bx9Q0z',
  local: 'Av. Paulista, 1000; 2º andar',
  organizador: { nome: 'Plataforma de Reservas', email: 'reservas@plataforma.local' },
};

/** The text of a property by RFC 5545, 3.3.11, whatever is in it; empty when it is left out. */
function valorDe(arquivo: string, propriedade: string): string {
  const linha = linesOf(arquivo).find((uma) => uma.startsWith(`${propriedade}:`)) ?? `${propriedade}:`;
  return linha
    .slice(propriedade.length + 1)
    .replace(/\\(.)/gsu, (_, escapado) => (escapado === 'n' ? '\n' : escapado));
}

/** What node-ical reads wrongly: escaped backslashes before an n, texts in quotes, Unicode line separators. */
const MAL_LIDO = /\\|^".*"$|[\u2028\u2029]/s;

describe('escreverCalendario', () => {
  it('writes the same bytes when the event is the same', () => {
    expect(escreverCalendario(evento).split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Plataforma de Reservas//Notificacoes//PT-BR',
      'CALSCALE:GREGORIAN',
      'METHOD:PUBLISH',
      'BEGIN:VEVENT',
      'UID:res_a3Bx9Q0z@plataforma.local',
      'SEQUENCE:0',
      'DTSTAMP:20261120T123456Z',
      'DTSTART:20261124T170000Z',
      'DTEND:20261124T190000Z',
      'SUMMARY:Sala Ipê',
      'DESCRIPTION:Reserva res_a3Bx9Q0z',
      'LOCATION:Av. Paulista\\, 1000\\; 2º andar',
      'ORGANIZER;CN="Plataforma de Reservas":mailto:reservas@plataforma.local',
      'STATUS:CONFIRMED',
      'TRANSP:OPAQUE',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('is read back as it was meant by another implementation', () => {
    const { calendario, evento: lido } = readCalendario(escreverCalendario(evento));
    expect(calendario).toMatchObject({ method: 'PUBLISH', version: '2.0', calscale: 'GREGORIAN' });
    expect(lido).toMatchObject({
      uid: evento.uid,
      sequence: 0,
      status: 'CONFIRMED',
      transparency: 'OPAQUE',
      dtstamp: new Date('2026-11-20T12:34:56Z'),
      start: evento.inicio,
      end: evento.fim,
      summary: evento.titulo,
      description: evento.descricao,
      location: evento.local,
    });
    expect([lido.start.tz, lido.end?.tz]).toEqual(['Etc/UTC', 'Etc/UTC']);
    expect(organizerOf(lido)).toEqual({
      val: 'mailto:reservas@plataforma.local',
      params: { CN: 'Plataforma de Reservas' },
    });
  });

  it('takes the entry away when it is cancelled', () => {
    const arquivo = escreverCalendario({ ...evento, situacao: 'CANCELADO', sequencia: 1 });
    const { calendario, evento: lido } = readCalendario(arquivo);
    expect(calendario.method).toBe('CANCEL');
    expect(lido).toMatchObject({
      status: 'CANCELLED',
      transparency: 'TRANSPARENT',
      uid: evento.uid,
      sequence: 1,
    });
  });

  it('has no location when the space has no address', () => {
    expect(escreverCalendario({ ...evento, local: '' })).not.toContain('LOCATION');
  });

  it('cannot be broken out of when texts contain line breaks, quotes and properties', () => {
    const hostil = 'Sala"\r\nATTENDEE:mailto:x@y.z\r\nEND:VEVENT\u0000;x:y';
    const nome = 'A"B\nC';
    const arquivo = escreverCalendario({
      ...evento,
      titulo: hostil,
      local: hostil,
      organizador: { nome, email: 'a@b.co' },
    });
    const { evento: lido } = readCalendario(arquivo);
    expect(lido.attendee).toBeUndefined();
    expect(lido.summary).toBe('Sala"\nATTENDEE:mailto:x@y.z\nEND:VEVENT;x:y');
    expect(organizerOf(lido).params.CN).toBe("A'B C");
  });

  it('gives every text back and keeps every line short, whatever the text', () => {
    const texto = fc
      .string({ unit: 'grapheme', maxLength: 400, size: 'max' })
      .map((valor) => valor.replace(/[^\P{Cc}]/gu, ''));
    let longos = 0;
    fc.assert(
      fc.property(texto, texto, (titulo, descricao) => {
        const arquivo = escreverCalendario({ ...evento, titulo, descricao });
        expect(readStrictly(arquivo)).toHaveLength(1);
        if (Buffer.byteLength(titulo) > 75) longos += 1;
        const linhas = (valor: string) => valor.replace(/[\u2028\u2029]/g, '\n');
        expect([valorDe(arquivo, 'SUMMARY'), valorDe(arquivo, 'DESCRIPTION')]).toEqual([
          linhas(titulo),
          linhas(descricao),
        ]);
        const { evento: lido } = readCalendario(arquivo);
        if (!MAL_LIDO.test(titulo)) expect(lido.summary).toBe(titulo);
        if (!MAL_LIDO.test(descricao)) expect(lido.description ?? '').toBe(descricao);
      }),
      { numRuns: 200 },
    );
    expect(longos).toBeGreaterThan(100);
  });
});
