import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Canal } from '../../canais/domain/mensagem.ts';
import { ehObrigatoria, type Grupo } from '../domain/grade.ts';
import type { Autor } from '../domain/mudanca.ts';
import { comCelula } from '../domain/preferencias.ts';
import { PreferenciaObrigatoriaError } from '../domain/recusa.ts';
import { mudar } from './mudar.ts';
import type { Transacao } from './ports.ts';

export interface DesligarCommand {
  readonly clienteId: string;
  readonly grupo: Grupo;
  readonly canal: Canal;
  readonly por: Exclude<Autor, 'PESSOA'>;
}

interface Deps {
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

/**
 * Switches one part of the grid off for a person who is not logged in: by the link in an e-mail, or because they complained of
 * it. Twice is once; of who is gone nothing is written down.
 */
export class DesligarHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: DesligarCommand): Promise<Result<void, PreferenciaObrigatoriaError>> {
    const { clienteId, grupo, canal, por } = command;
    if (ehObrigatoria(grupo, canal)) return Result.fail(new PreferenciaObrigatoriaError());
    const { clock, uow } = this.#deps;
    const fato = { por, em: clock.now() };
    await uow.run((tx) =>
      mudar(tx, clienteId, fato, (antes) => {
        const depois = comCelula(antes, grupo, canal, false);
        return depois === antes ? { resposta: undefined } : { depois, resposta: undefined };
      }),
    );
    return Result.ok(undefined);
  }
}
