import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { AcessoNegadoError } from '../../contas/domain/recusa.ts';
import { podeEntrar, sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { CodigosDeRecuperacao } from '../../fatores/application/ports.ts';
import { emGrupos } from '../../fatores/domain/codigo.ts';
import type { Sessions } from '../../sessoes/application/ports.ts';
import { MAXIMO_DE_PASSKEYS, Passkey } from '../domain/passkey.ts';
import {
  PasskeyJaRegistradaError,
  PasskeyLimiteError,
  PasskeyNaoEncontradaError,
  PasskeyRegistroInvalidoError,
} from '../domain/recusa.ts';
import type { Aleatorios, Desafios, Transacao, WebAuthn } from './ports.ts';

export interface FinishRegistrationCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** Session of the caller; a token from before tokens named one has none. */
  readonly sessaoId: string | undefined;
  /** What the browser has given, as JSON. */
  readonly resposta: string;
  readonly nome: string;
  readonly origem: Origem;
}

/** A passkey that was registered, and the recovery codes that came with it, if any. */
export interface PasskeyNova {
  readonly passkey: Passkey;
  readonly codigosRecuperacao: readonly string[];
}

type FinishRefused =
  | AcessoNegadoError
  | PasskeyRegistroInvalidoError
  | PasskeyJaRegistradaError
  | PasskeyLimiteError;

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly webauthn: WebAuthn;
  readonly desafios: Desafios;
  readonly aleatorios: Aleatorios;
  readonly codigos: CodigosDeRecuperacao;
  readonly sessions: Pick<Sessions, 'carryOver'>;
  readonly clock: Clock;
}

/**
 * Registers a passkey and ends every session but the caller's. The first factor of an account brings recovery codes: without
 * them a lost device would be a lost account.
 */
export class FinishRegistrationHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: FinishRegistrationCommand): Promise<Result<PasskeyNova, FinishRefused>> {
    const { sessions } = this.#deps;
    const feita = await this.#conferir(command);
    if (!feita) return Result.fail(new PasskeyRegistroInvalidoError());
    const registrada = await this.#registrar(command, feita);
    if (registrada.isFailure) return registrada;
    const { geracao, ...nova } = registrada.value;
    if (command.sessaoId !== undefined) await sessions.carryOver(command.sessaoId, geracao);
    return Result.ok(nova);
  }

  /** The passkey, if this call ends what its caller has begun. */
  async #conferir({
    usuarioId,
    geracao,
    resposta,
    nome,
  }: FinishRegistrationCommand): Promise<Passkey | undefined> {
    const { webauthn, desafios, aleatorios, clock } = this.#deps;
    const lido = webauthn.lerRegistro(resposta);
    const desafio = lido && (await desafios.take(lido.desafio));
    if (!lido || desafio?.finalidade !== 'REGISTRO') return undefined;
    if (desafio.usuarioId !== usuarioId || desafio.geracao !== geracao) return undefined;
    const credencial = await webauthn.conferirRegistro(lido);
    if (!credencial) return undefined;
    const titular = Buffer.from(desafio.titular, 'base64url');
    const dados = { id: aleatorios.id(), usuarioId, titular, nome, criadoEm: clock.now() };
    return Passkey.registrar({ ...dados, ...credencial });
  }

  #registrar({ usuarioId, geracao, origem }: FinishRegistrationCommand, passkey: Passkey) {
    const { uow, codigos } = this.#deps;
    const { id, criadoEm: em } = passkey.estado;
    return uow.run(async (tx): Promise<Result<PasskeyNova & { readonly geracao: number }, FinishRefused>> => {
      const { usuarios, passkeys, fatores, segundoFator, avisos, claimKey } = tx;
      await claimKey(id);
      const usuario = await usuarios.findToChange(usuarioId);
      if (!usuario || !podeEntrar(usuario.estado) || !sessaoVale(usuario.estado, geracao))
        return Result.fail(new AcessoNegadoError());
      const existentes = await passkeys.doUsuario(usuarioId);
      if (existentes.length >= MAXIMO_DE_PASSKEYS) return Result.fail(new PasskeyLimiteError());
      const novos = usuario.estado.mfaAtivo ? undefined : codigos.novos();
      // As when its registration began: another factor since then would have ended the session.
      const soSenha = await segundoFator.soSenha(usuarioId, em);
      if (!(await passkeys.add(passkey, soSenha))) return Result.fail(new PasskeyJaRegistradaError());
      if (novos) {
        await claimKey(`${id} ${novos.semente}`);
        await fatores.guardarCodigos(usuarioId, novos.codigos.map(codigos.impressao));
      }
      usuario.encerrarSessoes(em);
      await usuarios.save(usuario);
      await avisos.avisar({ usuarioId, tipo: 'PASSKEY_ADICIONADA', origem, em });
      const codigosRecuperacao = (novos?.codigos ?? []).map(emGrupos);
      return Result.ok({ passkey, codigosRecuperacao, geracao: usuario.estado.geracaoSessoes });
    });
  }

  /** What an earlier attempt of the same call has answered; its codes as long as they are those of the account. */
  repeat(efeito: string, usuarioId: string): Promise<Result<PasskeyNova, PasskeyNaoEncontradaError>> {
    const { uow, codigos } = this.#deps;
    const [id = '', semente] = efeito.split(' ');
    const dados = semente === undefined ? [] : codigos.deSemente(semente);
    return uow.run(async ({ passkeys, fatores }) => {
      const passkey = (await passkeys.doUsuario(usuarioId)).find(({ estado }) => estado.id === id);
      if (!passkey) return Result.fail(new PasskeyNaoEncontradaError());
      const [primeiro] = dados;
      const valem =
        primeiro !== undefined && (await fatores.temCodigo(usuarioId, codigos.impressao(primeiro)));
      return Result.ok({ passkey, codigosRecuperacao: valem ? dados.map(emGrupos) : [] });
    });
  }
}
