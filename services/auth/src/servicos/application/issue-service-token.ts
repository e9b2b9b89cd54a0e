import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { EventoDeSeguranca } from '../../auditoria/domain/evento-de-seguranca.ts';
import type { TokenIssuer } from '../../chaves/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { AudienciaNaoPermitidaError, ServicoDesconhecidoError } from '../domain/recusa.ts';
import type { ServiceClients } from './ports.ts';

/** A service asks for a token to call another one in its own name. */
export interface IssueServiceTokenCommand {
  readonly servico: string;
  readonly segredo: string;
  readonly audiencia: string;
  readonly origem: Origem;
}

interface Deps {
  readonly clients: ServiceClients;
  readonly tokens: TokenIssuer;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

export class IssueServiceTokenHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(
    command: IssueServiceTokenCommand,
  ): Promise<
    Result<{ token: string; expiresInSeconds: number }, ServicoDesconhecidoError | AudienciaNaoPermitidaError>
  > {
    const { servico, segredo, audiencia, origem } = command;
    const audiences = this.#deps.clients.authenticate(servico, segredo);
    if (audiences === undefined) {
      // The name is text of a stranger.
      await this.#registrar({ resultado: 'RECUSADO' }, origem);
      return Result.fail(new ServicoDesconhecidoError());
    }
    if (!audiences.includes(audiencia)) {
      await this.#registrar({ resultado: 'RECUSADO', autorId: servico }, origem);
      return Result.fail(new AudienciaNaoPermitidaError(servico, audiencia));
    }
    await this.#registrar({ resultado: 'FEITO', autorId: servico, detalhe: audiencia }, origem);
    return Result.ok(await this.#deps.tokens.issue({ tipo: 'servico', sub: servico, audiencia }));
  }

  #registrar(
    evento: Pick<EventoDeSeguranca, 'resultado' | 'autorId' | 'detalhe'>,
    origem: Origem,
  ): Promise<void> {
    const { auditoria, clock } = this.#deps;
    return auditoria.registrar({ ...evento, tipo: 'TOKEN_DE_SERVICO', origem, em: clock.now() });
  }
}
