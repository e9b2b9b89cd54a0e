import { describe, expect, it } from '@jest/globals';
import { CARTAS, deUmaSerie, encurtar } from '../../../test/support/cartas.ts';
import { expectGolden } from '../../../test/support/golden.ts';
import { HOSTIS, hostil } from '../../../test/support/hostis.ts';
import { detalhes, remetente } from '../../../test/support/samples.ts';
import { partesDe } from '../../canais/domain/sms.ts';
import { createModelos } from './modelos.ts';

const modelos = createModelos(remetente);

const curtas = CARTAS.map((carta) => ({ titulo: carta.titulo, ...encurtar(modelos, carta) }));

describe('a message for a telephone', () => {
  it('is what the golden files say', () => {
    expectGolden('sms.txt', curtas.map(({ titulo, sms }) => `${titulo}\n  ${sms}\n`).join(''));
    const push = curtas.map(
      ({ titulo, curto }) => `${titulo}\n  ${curto.titulo}\n  ${curto.corpo}\n  ${curto.caminho ?? '-'}\n`,
    );
    expectGolden('push.txt', push.join(''));
  });

  it.each(curtas)(
    'is one SMS in narrow letters, and no more than a screen shows: $titulo',
    ({ sms, curto }) => {
      expect(partesDe(sms)).toEqual({ codificacao: 'GSM-7', quantas: 1 });
      expect(sms).toMatch(/^Plataforma de Reservas: .*[.!]$/);
      expect([...curto.titulo].length).toBeLessThanOrEqual(50);
      expect([...curto.corpo].length).toBeLessThanOrEqual(150);
      expect(`${curto.titulo}${curto.corpo}`).not.toContain('…');
      expect(curto.caminho ?? '/').toMatch(/^\/[\w/-]*$/);
    },
  );

  it('is one for a series, however long', () => {
    const { sms, curto } = encurtar(modelos, deUmaSerie(52));
    expect(sms).toBe(
      'Plataforma de Reservas: 52 reservas confirmadas: Sala Ipe. Veja os detalhes na plataforma.',
    );
    expect(curto).toEqual({
      titulo: '52 reservas confirmadas',
      corpo: 'Sala Ipê. Veja os detalhes na plataforma.',
      caminho: '/series/ser_1',
    });
  });

  it('says nothing that proves an address or sets a password, and nothing of where a call came from', () => {
    for (const { sms, curto } of curtas)
      expect(sms + JSON.stringify(curto)).not.toMatch(/AbC-dEf|203\.0\.113|Firefox|exemplo\.com/);
  });

  it('leads to what it is about, and nowhere else, whatever is written there', () => {
    const dados = { ...detalhes, reservaId: '../../x?y#z' };
    const { caminho } = modelos.curto({ modelo: 'RESERVA_EXPIRADA', dados }, 'Ana');
    expect(caminho).toBe('/reservas/..%2F..%2Fx%3Fy%23z');
  });

  it('has room for a long name, and cuts it rather than the date', () => {
    const dados = { ...detalhes, espacoNome: 'Auditório Professora Maria Aparecida de Souza e Silva' };
    const sms = modelos.sms({ modelo: 'LEMBRETE_RESERVA', dados: { ...dados, espacoEndereco: '' } });
    expect(partesDe(sms).quantas).toBe(1);
    expect(sms).toContain('..., 24/11 as 14:00. Codigo res_a3Bx9Q0z.');
  });
});

describe.each(Object.entries(HOSTIS))('with %s where people write, a telephone', (_, texto) => {
  it('gets one line, of three parts at most, and nothing that turns or hides', () => {
    for (const carta of CARTAS) {
      const { sms, curto } = encurtar(modelos, hostil(carta, texto));
      expect(partesDe(sms).quantas).toBeLessThanOrEqual(3);
      for (const um of [sms, curto.titulo, curto.corpo]) {
        expect(um.isWellFormed()).toBe(true);
        expect(um).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200B\u2060-\u2064\u2028\u2029\uFEFF]/u);
      }
      expect([[...curto.titulo].length <= 50, [...curto.corpo].length <= 150]).toEqual([true, true]);
    }
  });
});
