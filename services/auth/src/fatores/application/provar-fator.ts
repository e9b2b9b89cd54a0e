import { Result } from '@plataforma/domain/result';
import type { Avisos } from '../../avisos/application/ports.ts';
import { lerCodigo } from '../domain/codigo.ts';
import type { Totp } from '../domain/fator.ts';
import { MfaCodigoInvalidoError, MfaCodigoNecessarioError } from '../domain/recusa.ts';
import type {
  CodigosDeRecuperacao,
  FatoresRepository,
  MetodoDoFator,
  Prova,
  ProvaRecusada,
  SegundoFator,
} from './ports.ts';

interface Deps {
  readonly fatores: FatoresRepository;
  readonly avisos: Avisos;
  readonly codigos: CodigosDeRecuperacao;
  readonly totp: Totp;
}

/**
 * A code of the app, or a recovery code in its place. Recovery codes cannot be guessed: they are heard while codes of
 * the app have to wait, so that whoever guesses those keeps the owner out of nothing.
 */
export class ProvarFator implements SegundoFator {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async provar(prova: Prova): Promise<Result<MetodoDoFator | undefined, ProvaRecusada>> {
    const { fatores, totp } = this.#deps;
    const { usuarioId, codigo, em } = prova;
    const fator = await fatores.doUsuario(usuarioId);
    if (!fator?.ativo) return Result.ok(undefined);
    if (codigo === '') return Result.fail(new MfaCodigoNecessarioError());
    const lido = lerCodigo(codigo);
    if (lido === undefined) return Result.fail(new MfaCodigoInvalidoError());
    if (lido.tipo === 'RECUPERACAO') return this.#recuperar(prova, lido.codigo);
    const usado = fator.usar(lido.digitos, totp, em);
    await fatores.save(fator);
    return usado.isFailure ? usado : Result.ok('otp');
  }

  async #recuperar(
    { usuarioId, origem, em }: Prova,
    codigo: string,
  ): Promise<Result<MetodoDoFator, MfaCodigoInvalidoError>> {
    const { fatores, codigos, avisos } = this.#deps;
    if (!(await fatores.usarCodigo(usuarioId, codigos.impressao(codigo), em)))
      return Result.fail(new MfaCodigoInvalidoError());
    await avisos.avisar({ usuarioId, tipo: 'CODIGO_RECUPERACAO_USADO', origem, em });
    return Result.ok('rec');
  }
}
