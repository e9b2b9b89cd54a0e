import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { Recusa } from '../../comum/domain/recusa.ts';

/** An add-on that a space offers. */
export interface ExtraCatalogo {
  readonly codigo: string;
  readonly nome: string;
  readonly preco: Dinheiro;
  readonly quantidadeMaxima: number;
}

/** An add-on that a customer asks for. */
export interface ExtraPedido {
  readonly codigo: string;
  readonly quantidade: number;
}

/** An add-on as it was booked. */
export interface ExtraReservado {
  readonly codigo: string;
  readonly nome: string;
  readonly quantidade: number;
  readonly precoUnitario: Dinheiro;
}

export class ExtraInvalidoError extends Recusa {
  readonly motivo = 'EXTRA_INVALIDO';

  constructor(codigo: string, porque: string) {
    super(`Adicional ${codigo}: ${porque}.`, { codigo });
  }
}

/** Takes the add-ons from the catalogue, with its present names and prices. */
export function escolherExtras(
  pedidos: readonly ExtraPedido[],
  catalogo: readonly ExtraCatalogo[],
): Result<ExtraReservado[], ExtraInvalidoError> {
  const escolhidos = new Map<string, ExtraReservado>();
  for (const { codigo, quantidade } of pedidos) {
    const extra = catalogo.find((item) => item.codigo === codigo);
    if (!extra) return Result.fail(new ExtraInvalidoError(codigo, 'não existe neste espaço'));
    if (escolhidos.has(codigo)) return Result.fail(new ExtraInvalidoError(codigo, 'pedido mais de uma vez'));
    if (!Number.isInteger(quantidade) || quantidade < 1 || quantidade > extra.quantidadeMaxima)
      return Result.fail(new ExtraInvalidoError(codigo, `peça de 1 a ${extra.quantidadeMaxima}`));
    escolhidos.set(codigo, { codigo, nome: extra.nome, quantidade, precoUnitario: extra.preco });
  }
  return Result.ok([...escolhidos.values()]);
}

/** Same codes in the same quantities, in whatever order. */
export function mesmosExtras(a: readonly ExtraPedido[], b: readonly ExtraPedido[]): boolean {
  const chave = (extras: readonly ExtraPedido[]) =>
    extras
      .map(({ codigo, quantidade }) => `${codigo}=${quantidade}`)
      .sort()
      .join();
  return chave(a) === chave(b);
}
