import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { ExtraReservado } from '../domain/extras.ts';
import type { LinhaPreco, Preco } from '../domain/precificacao.ts';

/** A price line as it is stored. */
export interface LinhaJson {
  readonly tipo: LinhaPreco['tipo'];
  readonly descricao: string;
  readonly centavos: number;
}

/** A booked add-on as it is stored. */
export interface ExtraJson {
  readonly codigo: string;
  readonly nome: string;
  readonly quantidade: number;
  readonly centavos: number;
}

export function precoToJson({ linhas }: Preco): string {
  const json = linhas.map(({ tipo, descricao, valor }) => ({
    tipo,
    descricao,
    centavos: Number(valor.centavos),
  }));
  return JSON.stringify(json satisfies LinhaJson[]);
}

export function precoFromJson(linhas: readonly LinhaJson[], centavos: string, moeda: string): Preco {
  return {
    linhas: linhas.map((linha) => ({
      tipo: linha.tipo,
      descricao: linha.descricao,
      valor: Dinheiro.deCentavos(linha.centavos, moeda),
    })),
    valor: Dinheiro.deCentavos(BigInt(centavos), moeda),
  };
}

export function extrasToJson(extras: readonly ExtraReservado[]): string {
  const json = extras.map(({ precoUnitario, ...extra }) => ({
    ...extra,
    centavos: Number(precoUnitario.centavos),
  }));
  return JSON.stringify(json satisfies ExtraJson[]);
}

export function extrasFromJson(extras: readonly ExtraJson[], moeda: string): ExtraReservado[] {
  return extras.map(({ centavos, ...extra }) => ({
    ...extra,
    precoUnitario: Dinheiro.deCentavos(centavos, moeda),
  }));
}
