import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { Recusa } from './motivo.ts';
import type { Preco } from './precificacao.ts';
import { emDinheiro } from './precificacao-textos.ts';

/** What the card processor charges at least in BRL. */
const MINIMO = Dinheiro.deCentavos(50n);

export class ValorAbaixoDoMinimoError extends Recusa {
  readonly motivo = 'VALOR_ABAIXO_DO_MINIMO';

  constructor({ valor }: Preco) {
    super(
      `O total é de ${emDinheiro(valor)} e o mínimo que pode ser cobrado é ${emDinheiro(MINIMO)}. Aumente o período ou escolha adicionais.`,
      { centavos: `${valor.centavos}`, minimoCentavos: `${MINIMO.centavos}` },
    );
  }
}

/** Free, or enough to be charged. */
export function cobravel(preco: Preco): Result<void, ValorAbaixoDoMinimoError> {
  const { centavos } = preco.valor;
  return centavos === 0n || centavos >= MINIMO.centavos
    ? Result.ok(undefined)
    : Result.fail(new ValorAbaixoDoMinimoError(preco));
}
