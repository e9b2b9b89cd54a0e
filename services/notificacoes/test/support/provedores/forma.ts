/** Looks at a value; what is wrong with it, with the way there, or undefined. */
export type Forma = (valor: unknown, em: string) => string | undefined;

export const texto =
  (padrao = /./su): Forma =>
  (valor, em) =>
    typeof valor === 'string' && padrao.test(valor) ? undefined : em;

export const exato =
  (esperado: unknown): Forma =>
  (valor, em) =>
    valor === esperado ? undefined : em;

/** An object of these members and no others; those with a `?` may be missing. */
export const objeto =
  (membros: Readonly<Record<string, Forma>>): Forma =>
  (valor, em) => {
    if (typeof valor !== 'object' || valor === null || Array.isArray(valor)) return em;
    const nomes = Object.keys(membros).map((nome) => nome.replace('?', ''));
    const estranho = Object.keys(valor).find((nome) => !nomes.includes(nome));
    if (estranho !== undefined) return caminho(em, estranho);
    return primeiro(Object.entries(membros), ([chave, forma]) => {
      const nome = chave.replace('?', '');
      const membro = (valor as Record<string, unknown>)[nome];
      if (membro === undefined && chave.endsWith('?')) return undefined;
      return forma(membro, caminho(em, nome));
    });
  };

export const lista =
  (forma: Forma, { min = 1, max = 100 } = {}): Forma =>
  (valor, em) => {
    if (!Array.isArray(valor) || valor.length < min || valor.length > max) return em;
    return primeiro([...valor.entries()], ([posicao, item]) => forma(item, `${em}[${posicao}]`));
  };

/** Each item by its own form, in this order. */
export const sequencia =
  (...formas: readonly Forma[]): Forma =>
  (valor, em) => {
    if (!Array.isArray(valor) || valor.length !== formas.length) return em;
    return primeiro([...formas.entries()], ([posicao, forma]) => forma(valor[posicao], `${em}[${posicao}]`));
  };

/** Names of headers and their texts, without those that the provider writes itself. */
export const cabecalhos =
  (reservados: RegExp): Forma =>
  (valor, em) => {
    if (typeof valor !== 'object' || valor === null) return em;
    const errado = Object.entries(valor).find(
      ([nome, conteudo]) =>
        reservados.test(nome) || !/^[!-9;-~]+$/.test(nome) || typeof conteudo !== 'string',
    );
    return errado && caminho(em, errado[0]);
  };

export const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
export const ENDERECO = /^[^\s<>@",;]+@[^\s<>@",;]+\.[^\s<>@",;]+$/;

const caminho = (em: string, nome: string) => (em === '' ? nome : `${em}.${nome}`);

function primeiro<T>(itens: readonly T[], falta: (item: T) => string | undefined): string | undefined {
  for (const item of itens) {
    const errado = falta(item);
    if (errado !== undefined) return errado;
  }
  return undefined;
}
