import { Result } from '@plataforma/domain/result';
import type { TokenIssuer } from '../../chaves/application/ports.ts';
import { AudienciaNaoPermitidaError, ServicoDesconhecidoError } from '../domain/recusa.ts';
import type { ServiceClients } from './ports.ts';

/** A service asks for a token to call another one in its own name. */
export interface IssueServiceTokenCommand {
  readonly servico: string;
  readonly segredo: string;
  readonly audiencia: string;
}

interface Deps {
  readonly clients: ServiceClients;
  readonly tokens: TokenIssuer;
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
    const { servico, segredo, audiencia } = command;
    const audiences = this.#deps.clients.authenticate(servico, segredo);
    if (audiences === undefined) return Result.fail(new ServicoDesconhecidoError());
    if (!audiences.includes(audiencia))
      return Result.fail(new AudienciaNaoPermitidaError(servico, audiencia));
    return Result.ok(await this.#deps.tokens.issue({ tipo: 'servico', sub: servico, audiencia }));
  }
}
