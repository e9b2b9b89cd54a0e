import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { ClaimsKey, UnitOfWork } from '@plataforma/domain/unit-of-work';
import { acertarSms } from '../../retornos/application/acertar-sms.ts';
import { aindaVale } from '../domain/codigo.ts';
import { CodigoDeTelefoneInvalidoError } from '../domain/recusa.ts';
import type { CodigosDeTelefone, Transacao } from './ports.ts';

export interface ConfirmarTelefoneCommand {
  readonly clienteId: string;
  readonly codigo: string;
}

interface Deps {
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly codigos: CodigosDeTelefone;
}

/** A person shows the code that was sent to a number: it is theirs. Several people may prove the same one. */
export class ConfirmarTelefoneHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute(command: ConfirmarTelefoneCommand): Promise<Result<void, CodigoDeTelefoneInvalidoError>> {
    return this.#deps.uow.run((tx) => this.#confirmar(tx, command));
  }

  /** A try that fails is counted, so its transaction is not given up. */
  async #confirmar(
    tx: Transacao & ClaimsKey,
    { clienteId, codigo }: ConfirmarTelefoneCommand,
  ): Promise<Result<void, CodigoDeTelefoneInvalidoError>> {
    const { clock, codigos } = this.#deps;
    const agora = clock.now();
    await tx.claimKey(clienteId);
    const pedido = await tx.telefones.abrirCodigo(clienteId);
    if (pedido === undefined || !aindaVale(pedido, agora))
      return Result.fail(new CodigoDeTelefoneInvalidoError());
    // Digests of secrets under a key: how alike two of them are tells nothing.
    if (!codigos.resumo(codigo, clienteId, pedido.numero).equals(pedido.resumo)) {
      await tx.telefones.errou(clienteId);
      return Result.fail(new CodigoDeTelefoneInvalidoError());
    }
    await tx.telefones.provar(clienteId, pedido.numero, agora);
    // Whoever had answered STOP wants more again.
    await acertarSms(tx, clienteId, agora);
    return Result.ok(undefined);
  }
}
