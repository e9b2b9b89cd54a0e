import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Estorno, StatusEstorno } from './estado-reserva.ts';
import { comNoticia, totalEstornado } from './estornos-da-reserva.ts';

const estorno = (numero: number, status: StatusEstorno, centavos = 1_000): Estorno => ({
  numero,
  status,
  valor: Dinheiro.deCentavos(centavos),
});

const depoisDe = (...noticias: Estorno[]): readonly Estorno[] =>
  noticias.reduce<readonly Estorno[]>((estornos, noticia) => comNoticia(estornos, noticia) ?? estornos, []);

describe('the refunds of a reservation', () => {
  it('add up whatever the order in which they are heard of', () => {
    const credito = estorno(1, 'CONCLUIDO', 3_000);
    const cartao = estorno(2, 'CONCLUIDO', 7_000);
    expect(totalEstornado(depoisDe(credito, estorno(2, 'SOLICITADO', 7_000), cartao))).toBe(10_000n);
    expect(totalEstornado(depoisDe(cartao, credito, estorno(2, 'SOLICITADO', 7_000)))).toBe(10_000n);
    expect(depoisDe(cartao, credito).map(({ numero }) => numero)).toEqual([1, 2]);
  });

  it('count as nothing before they are done, after they have failed, and where no amount was told', () => {
    expect(totalEstornado(depoisDe(estorno(1, 'SOLICITADO')))).toBe(0n);
    expect(totalEstornado(depoisDe(estorno(1, 'CONCLUIDO'), estorno(1, 'FALHOU')))).toBe(0n);
    expect(totalEstornado([{ numero: 1, status: 'CONCLUIDO' }])).toBe(0n);
  });

  it('take no news that are older than what is known of that refund', () => {
    expect(comNoticia([estorno(1, 'CONCLUIDO')], estorno(1, 'SOLICITADO'))).toBeUndefined();
    expect(comNoticia([estorno(1, 'CONCLUIDO')], estorno(1, 'CONCLUIDO'))).toBeUndefined();
    expect(comNoticia([estorno(1, 'FALHOU')], estorno(1, 'CONCLUIDO'))).toBeUndefined();
  });
});
