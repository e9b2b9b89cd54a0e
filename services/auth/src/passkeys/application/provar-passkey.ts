import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError } from '../../contas/domain/recusa.ts';
import { sessaoVale, type Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { CodigosDeRecuperacao } from '../../fatores/application/ports.ts';
import { PasskeyLoginInvalidoError, PasskeyNaoEncontradaError } from '../domain/recusa.ts';
import type { ConferirAssinatura } from './conferir-assinatura.ts';
import type { Aleatorios, ConsultaDePasskeys, Desafios, Transacao, WebAuthn } from './ports.ts';

export interface FinishProofCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** What the browser has given, as JSON. */
  readonly resposta: string;
  readonly origem: Origem;
}

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly passkeys: ConsultaDePasskeys;
  readonly webauthn: WebAuthn;
  readonly desafios: Desafios;
  readonly conferir: ConferirAssinatura;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly aleatorios: Aleatorios;
  readonly codigos: Pick<CodigosDeRecuperacao, 'impressao'>;
  readonly clock: Clock;
}

/**
 * Makes of a signature a code, for the calls that ask for the second factor: they take a text, and prove it in the
 * transaction of their own effect.
 */
export class ProvarPasskey {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Answers what the browser needs, as JSON. */
  async start(usuarioId: string): Promise<Result<string, PasskeyNaoEncontradaError>> {
    const { consulta, passkeys, webauthn, desafios } = this.#deps;
    const usuario = await consulta.findById(usuarioId);
    const permitidas = (await passkeys.doUsuario(usuarioId)).map(({ estado }) => estado);
    if (!usuario || permitidas.length === 0) return Result.fail(new PasskeyNaoEncontradaError());
    const desafio = await desafios.open({ finalidade: 'PROVA', usuarioId });
    return Result.ok(await webauthn.opcoesDeLogin({ desafio, permitidas, unica: semSenha(usuario) }));
  }

  /** Answers the code. */
  async finish({
    usuarioId,
    geracao,
    resposta,
    origem,
  }: FinishProofCommand): Promise<Result<string, AcessoNegadoError | PasskeyLoginInvalidoError>> {
    const { webauthn, desafios, conferir, uow, aleatorios, codigos, clock } = this.#deps;
    const lida = webauthn.lerAssinatura(resposta);
    const desafio = lida && (await desafios.take(lida.desafio));
    if (!lida || desafio?.finalidade !== 'PROVA' || desafio.usuarioId !== usuarioId)
      return Result.fail(new PasskeyLoginInvalidoError());
    const em = clock.now();
    const codigo = aleatorios.prova();
    return uow.run(async (tx) => {
      const usuario = await tx.usuarios.findById(usuarioId);
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
      const unica = semSenha(usuario);
      const conferida = await conferir.execute(tx, { lida, usuarioId, unica, origem, em });
      if (conferida.isFailure) return conferida;
      const passkey = conferida.value;
      passkey.provar(codigos.impressao(codigo), em);
      await tx.passkeys.save(passkey);
      return Result.ok(codigo);
    });
  }
}

/** The calls that take the code ask for a password where there is one, and for nothing else where there is none. */
const semSenha = ({ estado }: Usuario) => estado.senhaHash === null;
