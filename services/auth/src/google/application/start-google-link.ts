import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError, UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import { type EstadoUsuario, sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import { EmailNaoVerificadoError } from '../../fatores/domain/recusa.ts';
import { EnderecoNaoPermitidoError, GoogleJaVinculadoError } from '../domain/recusa.ts';
import type { Emissor, Tentativas, Transacao } from './ports.ts';
import type { Partida } from './start-google.ts';

export interface StartGoogleLinkCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** When the caller logged in; a token from before tokens said so has none. */
  readonly autenticadoEm: Date | undefined;
  readonly senha: string;
  /** Of the second factor, as it was typed; empty for none. */
  readonly codigo: string;
  readonly redirectUri: string;
  /** What only the browser has that will bring the answer. */
  readonly navegador: string;
  readonly origem: Origem;
}

type StartRefused =
  | EnderecoNaoPermitidoError
  | UsuarioNaoEncontradoError
  | EmailNaoVerificadoError
  | GoogleJaVinculadoError
  | AcessoNegadoError
  | OwnerRefused
  | ProvaRecusada;

interface Deps {
  readonly emissor: Emissor;
  readonly tentativas: Tentativas;
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  /** Where the issuer may send the browser afterwards, letter by letter. */
  readonly redirectUris: readonly string[];
  readonly clock: Clock;
}

/**
 * Begins an attempt to link the caller's account, for who proves to be its owner by everything that login asks for: a copied
 * session could else open the account to somebody else for good. The proof is asked for before the browser leaves, so that
 * the answer of the issuer, which is good once, is not lost by a wrong code.
 */
export class StartGoogleLinkHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: StartGoogleLinkCommand): Promise<Result<Partida, StartRefused>> {
    const { emissor, tentativas, consulta, confirmOwner, redirectUris } = this.#deps;
    const { usuarioId, geracao, senha, autenticadoEm, redirectUri, navegador, origem } = command;
    if (!redirectUris.includes(redirectUri)) return Result.fail(new EnderecoNaoPermitidoError());
    const conta = (await consulta.findById(usuarioId))?.estado;
    if (!conta) return Result.fail(new UsuarioNaoEncontradoError());
    const impedimento = impedimentoDe(conta);
    if (impedimento) return Result.fail(impedimento);
    const confirmada = await confirmOwner.execute({
      conta,
      senha,
      autenticadoEm,
      origem,
      chamada: 'StartGoogleLink',
    });
    if (confirmada.isFailure) return confirmada;
    // Before the code is used up: an issuer that is away costs nobody one. Nobody knows of the attempt until it is answered.
    const tentativa = await tentativas.open(redirectUri, { navegador, conta: { usuarioId, geracao } });
    const authorizationUrl = await emissor.authorizationUrl(tentativa);
    const provado = await this.#provar(command);
    if (provado.isFailure) return provado;
    return Result.ok({ authorizationUrl, state: tentativa.state });
  }

  #provar({ usuarioId, geracao, codigo, origem }: StartGoogleLinkCommand) {
    const { uow, clock } = this.#deps;
    return uow.run(async ({ usuarios, segundoFator }) => {
      const usuario = await usuarios.findById(usuarioId);
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
      return segundoFator.provar({
        ...{ usuarioId, codigo, origem, em: clock.now() },
        recusa: { tipo: 'GOOGLE_VINCULADO', autorId: usuarioId },
      });
    });
  }
}

/** Whoever proves the address comes into the account; a link from before would stay with them as a second way in. */
function impedimentoDe({
  emailVerificado,
  googleVinculado,
}: EstadoUsuario): EmailNaoVerificadoError | GoogleJaVinculadoError | undefined {
  if (!emailVerificado) return new EmailNaoVerificadoError();
  return googleVinculado ? new GoogleJaVinculadoError() : undefined;
}
