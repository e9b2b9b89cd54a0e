import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { Recusa } from '../../comum/domain/recusa.ts';
import type { Multiplicadores, Preco } from './precificacao.ts';
import { emDinheiro } from './precificacao-textos.ts';

/** What the card processor charges in BRL, at least and at most. */
const MINIMO = Dinheiro.deCentavos(50n);
const MAXIMO = Dinheiro.deCentavos(999_999_99n);

/** In cents: nothing at all, or anything between the two. */
export const COBRAVEL = { minimo: MINIMO.centavos, maximo: MAXIMO.centavos } as const;

export class ValorAbaixoDoMinimoError extends Recusa {
  readonly motivo = 'VALOR_ABAIXO_DO_MINIMO';

  constructor({ valor }: Preco) {
    super(
      `O total é de ${emDinheiro(valor)} e o mínimo que pode ser cobrado é ${emDinheiro(MINIMO)}. Aumente o período ou escolha adicionais.`,
      { centavos: Number(valor.centavos), minimoCentavos: Number(MINIMO.centavos) },
    );
  }
}

class ValorAcimaDoMaximoError extends Recusa {
  readonly motivo = 'VALOR_ACIMA_DO_MAXIMO';

  constructor({ valor }: Preco) {
    super(
      `O total é de ${emDinheiro(valor)} e o máximo que pode ser cobrado de uma vez é ${emDinheiro(MAXIMO)}. Divida o período em mais de uma reserva.`,
      { centavos: Number(valor.centavos), maximoCentavos: Number(MAXIMO.centavos) },
    );
  }
}

/** What the price of a booking somewhere within a stretch of time depends on. */
interface DadosDaFaixa {
  readonly precoPorHora: Dinheiro;
  readonly taxaLimpeza: Dinheiro;
  readonly multiplicadores: Multiplicadores;
  readonly limites: { readonly duracaoMinimaMinutos: number; readonly duracaoMaximaMinutos: number };
  readonly extras: readonly unknown[];
}

/**
 * Whether there may be a booking within so many minutes whose price can be charged: between the shortest one with every
 * multiplier that lowers a price and the longest with all that raise it. Add-ons lift what is too little.
 */
export function algumCobravel(
  { precoPorHora, taxaLimpeza, multiplicadores, limites, extras }: DadosDaFaixa,
  minutos: number,
): boolean {
  const { picoCentesimos, fimDeSemanaCentesimos, antecedenciaCentesimos } = multiplicadores;
  const total = (duracao: number, limitar: (centesimos: number) => number) => {
    const fatores = [picoCentesimos, fimDeSemanaCentesimos, antecedenciaCentesimos].map(limitar);
    const peso = fatores.reduce((produto, fator) => produto * BigInt(fator), BigInt(duracao));
    return precoPorHora.multiplicarFracao(peso, 60_000_000n).somar(taxaLimpeza).centavos;
  };
  const menor = total(limites.duracaoMinimaMinutos, (centesimos) => Math.min(centesimos, 100));
  const maior = total(Math.min(minutos, limites.duracaoMaximaMinutos), (centesimos) =>
    Math.max(centesimos, 100),
  );
  return menor <= COBRAVEL.maximo && (menor === 0n || extras.length > 0 || maior >= COBRAVEL.minimo);
}

/** Free, or what can be charged. */
export function cobravel(preco: Preco): Result<void, ValorAbaixoDoMinimoError | ValorAcimaDoMaximoError> {
  const { centavos } = preco.valor;
  if (centavos > COBRAVEL.maximo) return Result.fail(new ValorAcimaDoMaximoError(preco));
  return centavos === 0n || centavos >= COBRAVEL.minimo
    ? Result.ok(undefined)
    : Result.fail(new ValorAbaixoDoMinimoError(preco));
}
