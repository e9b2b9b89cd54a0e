import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { type Ajuste, ajustar, type RecusaDeAjuste } from '../domain/ajuste.ts';
import { SmsRecusadoError } from '../domain/recusa.ts';
import { ligaOndeRecusam } from '../domain/sms-recusado.ts';
import { mudar } from './mudar.ts';
import type { TransacaoComNumeros } from './ports.ts';

export interface AjustarPreferenciasCommand {
  readonly clienteId: string;
  readonly ajuste: Ajuste;
}

interface Deps {
  readonly clock: Clock;
  /** Those that messages are written in. */
  readonly idiomas: readonly string[];
  readonly uow: Pick<UnitOfWork<TransacaoComNumeros>, 'run'>;
}

type Recusa = RecusaDeAjuste | SmsRecusadoError;

/** A person changes some of their preferences; the others stay as they are, whoever changes them meanwhile. */
export class AjustarPreferenciasHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute({ clienteId, ajuste }: AjustarPreferenciasCommand): Promise<Result<void, Recusa>> {
    const { clock, idiomas, uow } = this.#deps;
    const fato = { por: 'PESSOA', em: clock.now() } as const;
    return uow.run(async (tx) => {
      await tx.claimKey(clienteId);
      const provado = await tx.telefones.provado(clienteId);
      return mudar<Result<void, Recusa>>(tx, clienteId, fato, (antes) => {
        const ajustadas = ajustar(antes, ajuste, idiomas);
        if (ajustadas.isFailure) return { resposta: ajustadas };
        const depois = ajustadas.value;
        if (ligaOndeRecusam(antes, depois, provado)) return { resposta: Result.fail(new SmsRecusadoError()) };
        return { depois, resposta: Result.ok(undefined) };
      });
    });
  }
}
