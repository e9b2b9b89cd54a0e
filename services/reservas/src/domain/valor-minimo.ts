import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { Recusa } from './motivo.ts';
import type { Preco } from './precificacao.ts';
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
      { centavos: `${valor.centavos}`, minimoCentavos: `${MINIMO.centavos}` },
    );
  }
}

class ValorAcimaDoMaximoError extends Recusa {
  readonly motivo = 'VALOR_ACIMA_DO_MAXIMO';

  constructor({ valor }: Preco) {
    super(
      `O total é de ${emDinheiro(valor)} e o máximo que pode ser cobrado de uma vez é ${emDinheiro(MAXIMO)}. Divida o período em mais de uma reserva.`,
      { centavos: `${valor.centavos}`, maximoCentavos: `${MAXIMO.centavos}` },
    );
  }
}

/** Free, or what can be charged. */
export function cobravel(preco: Preco): Result<void, ValorAbaixoDoMinimoError | ValorAcimaDoMaximoError> {
  const { centavos } = preco.valor;
  if (centavos > COBRAVEL.maximo) return Result.fail(new ValorAcimaDoMaximoError(preco));
  return centavos === 0n || centavos >= COBRAVEL.minimo
    ? Result.ok(undefined)
    : Result.fail(new ValorAbaixoDoMinimoError(preco));
}
