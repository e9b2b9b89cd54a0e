import { Result } from '@plataforma/domain/result';
import type { Attempts } from '../../credenciais/application/ports.ts';
import { MuitasTentativasError } from '../../credenciais/domain/recusa.ts';
import { EnderecoNaoPermitidoError } from '../domain/recusa.ts';
import type { Emissor, Tentativas } from './ports.ts';

export interface StartGoogleCommand {
  readonly redirectUri: string;
  /** What only the browser has that will bring the answer. */
  readonly navegador: string;
  /** Network address of the client. */
  readonly endereco: string;
}

/** Where the browser goes now. */
export interface Partida {
  readonly authorizationUrl: string;
  readonly state: string;
}

interface Deps {
  readonly emissor: Emissor;
  readonly tentativas: Tentativas;
  readonly attempts: Attempts;
  /** Where the issuer may send the browser afterwards, letter by letter. */
  readonly redirectUris: readonly string[];
}

/** Begins an attempt to log in at the issuer. */
export class StartGoogleHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    redirectUri,
    navegador,
    endereco,
  }: StartGoogleCommand): Promise<Result<Partida, EnderecoNaoPermitidoError | MuitasTentativasError>> {
    const { emissor, tentativas, attempts, redirectUris } = this.#deps;
    if (!redirectUris.includes(redirectUri)) return Result.fail(new EnderecoNaoPermitidoError());
    // An attempt takes up room for a while, and anybody may begin one.
    const wait = await attempts.begin({ endereco });
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const tentativa = await tentativas.open(redirectUri, { navegador });
    const authorizationUrl = await emissor.authorizationUrl(tentativa);
    return Result.ok({ authorizationUrl, state: tentativa.state });
  }
}
