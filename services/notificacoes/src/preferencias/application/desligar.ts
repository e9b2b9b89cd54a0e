import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Canal } from '../../canais/domain/mensagem.ts';
import { ehObrigatoria, type Grupo } from '../domain/grade.ts';
import type { Autor } from '../domain/mudanca.ts';
import { comCelula } from '../domain/preferencias.ts';
import { PreferenciaObrigatoriaError } from '../domain/recusa.ts';
import { mudar } from './mudar.ts';
import type { TransacaoComEnderecos } from './ports.ts';

export interface DesligarCommand {
  readonly clienteId: string;
  readonly grupo: Grupo;
  readonly canal: Canal;
  readonly por: Exclude<Autor, 'PESSOA'>;
  /** Digest of where the message went that this follows from. */
  readonly digesto: Buffer;
}

interface Deps {
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<TransacaoComEnderecos>, 'run'>;
}

/**
 * Switches one part of the grid off for a person who is not logged in: by the link in an e-mail, or because they complained of
 * it. Twice is once. Who reads what was sent to an address that the account has left decides nothing for it; of who is gone nothing is
 * written down.
 */
export class DesligarHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: DesligarCommand): Promise<Result<void, PreferenciaObrigatoriaError>> {
    const { clienteId, grupo, canal, por, digesto } = command;
    if (ehObrigatoria(grupo, canal)) return Result.fail(new PreferenciaObrigatoriaError());
    const { clock, uow } = this.#deps;
    const fato = { por, em: clock.now() };
    await uow.run(async (tx) => {
      if (!(await tx.enderecos.ehDe(clienteId, digesto))) return;
      await mudar(tx, clienteId, fato, (antes) => {
        const depois = comCelula(antes, grupo, canal, false);
        return depois === antes ? { resposta: undefined } : { depois, resposta: undefined };
      });
    });
    return Result.ok(undefined);
  }
}
