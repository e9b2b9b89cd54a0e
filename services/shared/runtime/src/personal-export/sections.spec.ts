import { describe, expect, it } from '@jest/globals';
import { lerPagina, type PaginaDeDados, type Secao } from './sections.ts';

/** A section of so many records, with the numbers of records that it was asked for. */
function secao(nome: string, quantos: number, texto = ''): Secao & { pedidos: number[] } {
  const linhas = Array.from({ length: quantos }, (_, n) => ({
    chave: String(n).padStart(6, '0'),
    registro: { n, texto },
  }));
  const pedidos: number[] = [];
  return {
    ...{ nome, tabelas: [], pedidos },
    async ler(_, depoisDe, maximo) {
      pedidos.push(maximo);
      return linhas.filter(({ chave }) => chave > depoisDe).slice(0, maximo);
    },
  };
}

async function todas(secoes: readonly Secao[]): Promise<PaginaDeDados[]> {
  const paginas: PaginaDeDados[] = [];
  let posicao = '';
  do {
    const pagina = await lerPagina(secoes, 'cli_1', posicao);
    if (!pagina) throw new Error('a position of its own is none');
    paginas.push(pagina);
    posicao = pagina.proxima;
  } while (posicao !== '');
  return paginas;
}

/** How many records each section has, in the order in which they are told. */
function contagem(paginas: readonly PaginaDeDados[]): Record<string, number> {
  const soma: Record<string, number> = {};
  for (const { nome, registros } of paginas.flatMap(({ secoes }) => secoes))
    soma[nome] = (soma[nome] ?? 0) + registros.length;
  return soma;
}

describe('pages of personal data', () => {
  it('tell all of a person who has little in one page, empty sections included', async () => {
    const paginas = await todas([secao('a', 2), secao('b', 0), secao('c', 1)]);
    expect(paginas).toHaveLength(1);
    expect(paginas[0]?.secoes.map(({ nome, registros }) => [nome, registros.length])).toEqual([
      ...[['a', 2] as const, ['b', 0] as const, ['c', 1] as const],
    ]);
  });

  it.each([199, 200, 201, 400, 1_001])(
    'tell each of %i records once, at most 200 a page',
    async (quantos) => {
      const secoes = [secao('a', 3), secao('b', quantos), secao('c', 0), secao('d', 5)];
      const paginas = await todas(secoes);
      expect(contagem(paginas)).toEqual({ a: 3, b: quantos, c: 0, d: 5 });
      const tamanhos = paginas.map(({ secoes }) => secoes.flatMap(({ registros }) => registros).length);
      expect(Math.max(...tamanhos)).toBeLessThanOrEqual(200);
      const deB = paginas.flatMap(({ secoes }) => secoes).filter(({ nome }) => nome === 'b');
      const numeros = deB.flatMap(({ registros }) => registros.map((texto) => JSON.parse(texto).n));
      expect(numeros).toEqual(Array.from({ length: quantos }, (_, n) => n));
      for (const { pedidos } of secoes) expect(Math.max(...pedidos)).toBeLessThanOrEqual(200);
    },
  );

  it('are no larger than half a MiB and one record', async () => {
    const texto = 'x'.repeat(100_000);
    const paginas = await todas([secao('a', 30, texto)]);
    expect(contagem(paginas)).toEqual({ a: 30 });
    for (const { secoes } of paginas) {
      const bytes = secoes.flatMap(({ registros }) => registros).join('').length;
      expect(bytes).toBeLessThanOrEqual(512 * 1024 + 110_000);
    }
  });

  it.each(['["z",""]', '["a"]', '[1,2]', 'null', '{}', 'nada'])('do not begin at %s', async (posicao) => {
    expect(await lerPagina([secao('a', 1)], 'cli_1', posicao)).toBeUndefined();
  });
});
