import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { comEscolhasGerais, type EscolhasGerais } from '../domain/preferencias.ts';
import { TelefoneAusenteError } from '../domain/recusa.ts';
import { mudar } from './mudar.ts';
import type { Transacao } from './ports.ts';

export interface AtualizarPreferenciasCommand {
  readonly clienteId: string;
  /** All of them: what was is replaced. */
  readonly preferencias: EscolhasGerais;
}

interface Deps {
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

/** A person says by which channels they want to be told. It counts from the next message that is sent. */
export class AtualizarPreferenciasHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    clienteId,
    preferencias: novas,
  }: AtualizarPreferenciasCommand): Promise<Result<void, TelefoneAusenteError>> {
    if (novas.sms && novas.telefone === '') return Result.fail(new TelefoneAusenteError());
    const { clock, uow } = this.#deps;
    const fato = { por: 'PESSOA', em: clock.now() } as const;
    await uow.run(async (tx) => {
      await tx.claimKey(clienteId);
      await mudar(tx, clienteId, fato, (antes) => ({
        depois: comEscolhasGerais(antes, novas),
        resposta: undefined,
      }));
    });
    return Result.ok(undefined);
  }
}
