import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Estorno, StatusEstorno } from './estado-reserva.ts';
import { comNoticia, recebido, soma, totalEstornado } from './estornos-da-reserva.ts';

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

describe('what came in for a reservation', () => {
  const reais = (valor: number) => Dinheiro.deCentavos(valor * 100);
  const paga = {
    confirmadoEm: new Date('2026-06-01T12:00:00Z'),
    preco: { valor: reais(100), linhas: [] },
    creditosUsados: reais(30),
    estornos: [],
    devolvivel: undefined,
  };
  const devolvido = (mudancas: Partial<Parameters<typeof recebido>[0]>) => {
    const dinheiro = recebido({ ...paga, ...mudancas });
    return dinheiro && [soma(dinheiro.devolvido).centavos, dinheiro.devolvido.creditos.centavos];
  };

  it('is nothing while nobody has paid', () => {
    expect(devolvido({ confirmadoEm: undefined })).toBeUndefined();
  });

  it('has gone back as far as refunds are done or under way, when pagamentos has told no more than them', () => {
    const estornos = [estorno(1, 'CONCLUIDO', 10_00), estorno(2, 'SOLICITADO', 10_00), estorno(3, 'FALHOU')];
    expect(devolvido({ estornos })).toEqual([20_00n, 6_00n]);
    expect(devolvido({ estornos: [estorno(1, 'CONCLUIDO', 999_00)] })).toEqual([100_00n, 30_00n]);
  });

  it('is what pagamentos says of it, who also knows what a bank has taken', () => {
    const devolvivel = { versao: 7, valor: reais(25), creditos: reais(25) };
    expect(devolvido({ devolvivel, estornos: [] })).toEqual([75_00n, 5_00n]);
  });
});
